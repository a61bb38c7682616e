-- Limits on outcomes of a change; of several of one metric, the highest n counts. Never on activity: a metric is an outcome.
CREATE TABLE guardrail (
  change_id TEXT NOT NULL REFERENCES change (id),
  metric_id TEXT NOT NULL REFERENCES metric (id),
  n BIGINT NOT NULL,
  worst DOUBLE PRECISION NOT NULL,   -- the value past which it is crossed, in the metric's unit
  set_by TEXT REFERENCES person (id),
  set_at BIGINT NOT NULL,
  PRIMARY KEY (change_id, metric_id, n)
);

-- What a commitment is part of, whose guardrails it stays inside.
ALTER TABLE commitment ADD COLUMN change_id TEXT REFERENCES change (id);
