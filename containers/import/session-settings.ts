/** What a session of an import starts from, before the dump's own settings, which may say otherwise. */

/** Zero dates and values that no longer fit are let in. */
export const importSettings: readonly string[] = [
  'SET NAMES utf8mb4',
  "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 1, sql_notes = 0",
];
