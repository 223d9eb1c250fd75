CREATE VIEW v AS SELECT variable_name FROM information_schema.GLOBAL_STATUS;
