/**
 * Sources: MySQL Reference Manual 5.7 and 8.0, "Server SQL Modes": those of the first that the second lacks; MariaDB Knowledge
 * Base, "SQL_MODE": those that MySQL never had.
 */
export const removedSqlModes: ReadonlySet<string> = new Set([
  'NO_AUTO_CREATE_USER',
  'DB2',
  'MAXDB',
  'MSSQL',
  'MYSQL323',
  'MYSQL40',
  'ORACLE',
  'POSTGRESQL',
  'NO_FIELD_OPTIONS',
  'NO_KEY_OPTIONS',
  'NO_TABLE_OPTIONS',
  'EMPTY_STRING_IS_NULL',
  'SIMULTANEOUS_ASSIGNMENT',
  'TIME_ROUND_FRACTIONAL',
]);
