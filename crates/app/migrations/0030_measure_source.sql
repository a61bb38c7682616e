-- Calendars of metrics; who took a file in; sources, what they ask, and what came of each run.
CREATE TABLE metric_calendar (
  metric_id TEXT NOT NULL REFERENCES metric (id),
  n BIGINT NOT NULL,                 -- the highest counts
  calendar TEXT NOT NULL,            -- day, week, month, year
  set_at BIGINT NOT NULL,
  PRIMARY KEY (metric_id, n)
);

ALTER TABLE taken_in ADD COLUMN actor TEXT;     -- as in the journal; NULL: before this was written down
ALTER TABLE taken_in ADD COLUMN actor_id TEXT;

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  metric_id TEXT NOT NULL REFERENCES metric (id),
  added_at BIGINT NOT NULL
);

CREATE TABLE source_asks (
  source_id TEXT NOT NULL REFERENCES source (id),
  n BIGINT NOT NULL,                 -- the highest counts; runs name theirs
  connection TEXT NOT NULL,          -- a name; the address is in the server's environment
  query TEXT NOT NULL,
  schedule TEXT,                     -- NULL: only when somebody says so
  set_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, n)
);

CREATE TABLE source_end (
  source_id TEXT PRIMARY KEY REFERENCES source (id),
  ended_at BIGINT NOT NULL
);

CREATE TABLE source_run (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source (id),
  asks_n BIGINT NOT NULL,
  due_at BIGINT,                     -- the moment of the schedule; NULL: somebody said so
  n_try BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  actor_id TEXT,
  UNIQUE (source_id, due_at, n_try)
);
CREATE INDEX source_run_started ON source_run (source_id, started_at);

CREATE TABLE source_run_end (
  run_id TEXT PRIMARY KEY REFERENCES source_run (id),
  ended_at BIGINT NOT NULL,
  how TEXT NOT NULL,                 -- taken, refused, nothing-came
  why TEXT,                          -- what was refused, in a sentence
  n_rows BIGINT,
  sha256 TEXT,                       -- of what came
  n_new BIGINT,
  n_corrected BIGINT,
  n_same BIGINT,
  n_missing BIGINT,
  import_id TEXT REFERENCES taken_in (id)
);

CREATE TABLE source_alarm (
  source_id TEXT NOT NULL REFERENCES source (id),
  since BIGINT NOT NULL,             -- when something new came last; once for each
  raised_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, since)
);
