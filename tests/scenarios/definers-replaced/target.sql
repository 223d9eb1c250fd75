CREATE USER IF NOT EXISTS 'scenario_kept'@'%', 'scenario_new'@'%';
