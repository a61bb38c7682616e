-- That a unit's links to a pulse were sent to its members; the last row counts. Not to whom, and no link.
CREATE TABLE pulse_mailing (
  pulse_id TEXT NOT NULL REFERENCES pulse (id),
  n BIGINT NOT NULL,
  mailed_at BIGINT NOT NULL,
  PRIMARY KEY (pulse_id, n)
);

-- That whoever tries a remedy was asked by mail what became of it.
CREATE TABLE remedy_trial_mailed (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  mailed_at BIGINT NOT NULL
);
