-- The friction of a unit on which a remedy is tried, so that its own metric can tell what became of it.
CREATE TABLE remedy_trial_on (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  friction_id TEXT NOT NULL REFERENCES friction (id)
);
CREATE INDEX remedy_trial_on_friction ON remedy_trial_on (friction_id);

-- What was answered before it was begun, as sign.answer~sign.answer: if the friction goes, it tells how such cases answer.
CREATE TABLE remedy_trial_answers (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  answers TEXT NOT NULL
);

-- What the friction's metric said when it was read; without an outcome it could not tell.
CREATE TABLE remedy_trial_reading (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  metric_id TEXT NOT NULL REFERENCES metric (id),
  n_before BIGINT NOT NULL,
  mean_before DOUBLE PRECISION,
  n_after BIGINT NOT NULL,
  mean_after DOUBLE PRECISION,
  outcome TEXT,                      -- gone, stayed
  read_at BIGINT NOT NULL
);

-- What somebody said otherwise than the metric: counts in the place of what was read.
CREATE TABLE remedy_outcome_instead (
  outcome_id TEXT PRIMARY KEY REFERENCES remedy_outcome (id),
  by_id TEXT NOT NULL REFERENCES remedy_outcome (id),
  said_at BIGINT NOT NULL
);
