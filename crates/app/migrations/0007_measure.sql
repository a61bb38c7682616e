-- Usage events exactly once by (source, id), under keyed hashes; outcomes per unit and period, corrections as new facts.
CREATE TABLE usage_event (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  subject TEXT,                      -- keyed hash of a person; NULL where only the unit is known
  unit_id TEXT REFERENCES unit (id),
  change_id TEXT REFERENCES change (id),
  event TEXT NOT NULL,
  value DOUBLE PRECISION,
  PRIMARY KEY (source, id)
);
CREATE INDEX usage_event_change ON usage_event (change_id, unit_id, occurred_at);

CREATE TABLE dead_letter (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (source, id)
);

CREATE TABLE taken_in (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,                -- units, people, outcomes, usage, applications, frictions, rollout
  sha256 TEXT NOT NULL,
  n_rows BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE outcome (
  metric_id TEXT NOT NULL REFERENCES metric (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  period TEXT NOT NULL,              -- 2004, 2026-03 or 2026-03-02: as traction_stats reads periods
  n BIGINT NOT NULL,                 -- 1 for the first value; a correction is a further row, the highest n counts
  value DOUBLE PRECISION NOT NULL,
  numerator DOUBLE PRECISION,
  denominator DOUBLE PRECISION,
  import_id TEXT NOT NULL REFERENCES taken_in (id),
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (metric_id, unit_id, period, n)
);
