/**
 * The tables. `event` is the history and the only source of where an execution stands; `execution` and `map_run` hold
 * what the API answers about it, written in the same transactions. Times are milliseconds since the epoch.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS definition (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS execution (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state_machine_arn TEXT NOT NULL,
  definition INTEGER NOT NULL REFERENCES definition,
  map_run INTEGER REFERENCES map_run,
  item_index INTEGER,
  item_count INTEGER NOT NULL DEFAULT 1,
  status TEXT NOT NULL,
  input TEXT NOT NULL,
  output TEXT,
  error TEXT,
  cause TEXT,
  start_date REAL NOT NULL,
  stop_date REAL,
  redrive_count INTEGER NOT NULL DEFAULT 0,
  redrive_date REAL,
  redrive_token TEXT,
  announced INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS execution_by_machine ON execution (state_machine_arn, id) WHERE map_run IS NULL;
CREATE INDEX IF NOT EXISTS execution_by_map_run ON execution (map_run, status, id);
CREATE INDEX IF NOT EXISTS execution_open ON execution (id) WHERE status IN ('RUNNING', 'PENDING_REDRIVE');
CREATE INDEX IF NOT EXISTS execution_unannounced ON execution (id) WHERE announced = 0;

CREATE TABLE IF NOT EXISTS event (
  execution INTEGER NOT NULL,
  id INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  type TEXT NOT NULL,
  timestamp REAL NOT NULL,
  details TEXT,
  scope TEXT NOT NULL,
  next TEXT,
  PRIMARY KEY (execution, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_run (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE,
  execution INTEGER NOT NULL REFERENCES execution,
  state_machine_arn TEXT NOT NULL,
  status TEXT NOT NULL,
  start_date REAL NOT NULL,
  stop_date REAL,
  max_concurrency INTEGER NOT NULL,
  tolerated_failure_count INTEGER,
  tolerated_failure_percentage REAL,
  state_name TEXT NOT NULL,
  redrive_count INTEGER NOT NULL DEFAULT 0,
  redrive_date REAL,
  items_read INTEGER NOT NULL DEFAULT 0,
  results_written INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS map_run_by_execution ON map_run (execution, id);
CREATE INDEX IF NOT EXISTS map_run_open ON map_run (id) WHERE status = 'RUNNING';
`;
