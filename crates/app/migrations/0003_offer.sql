-- A goal, a metric, a change with its promise and locked prediction, and waves of few slots.
CREATE TABLE metric (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  unit_of_measure TEXT NOT NULL,
  better TEXT NOT NULL,           -- up or down
  defined_at BIGINT NOT NULL
);

CREATE TABLE goal (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  metric_id TEXT NOT NULL REFERENCES metric (id),
  target DOUBLE PRECISION NOT NULL,
  due_at BIGINT,
  set_at BIGINT NOT NULL
);

CREATE TABLE change (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  promise TEXT NOT NULL,
  unit_id TEXT REFERENCES unit (id), -- its home, where a unit's lead opened it; NULL for the whole organisation
  goal_id TEXT NOT NULL REFERENCES goal (id),
  metric_id TEXT NOT NULL REFERENCES metric (id), -- the one its effect is judged by
  worth DOUBLE PRECISION NOT NULL,   -- smallest effect worth it, in the metric's unit, 0 or more
  flag_key TEXT NOT NULL UNIQUE,
  opened_by TEXT REFERENCES person (id),
  opened_at BIGINT NOT NULL
);

CREATE TABLE prediction (
  change_id TEXT PRIMARY KEY REFERENCES change (id),
  words TEXT NOT NULL,
  effect DOUBLE PRECISION NOT NULL,
  hash TEXT NOT NULL,
  locked_by TEXT REFERENCES person (id),
  locked_at BIGINT NOT NULL
);

CREATE TABLE change_pause (
  change_id TEXT NOT NULL REFERENCES change (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,               -- paused or resumed
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (change_id, n)
);

CREATE TABLE wave (
  id TEXT PRIMARY KEY,
  change_id TEXT NOT NULL REFERENCES change (id),
  n BIGINT NOT NULL,                 -- 1 for the first wave of its change
  n_slots BIGINT NOT NULL,
  opens_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,                    -- when its slots end; NULL until handed over or ended by hand
  pledge TEXT NOT NULL,              -- what a unit is asked to pledge
  announced_by TEXT REFERENCES person (id),
  announced_at BIGINT NOT NULL,
  UNIQUE (change_id, n)
);
