-- What is shown, with whose consent; taking something down is another row.
CREATE TABLE consent (
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,                 -- 1 for the first word on it; the highest n counts
  state TEXT NOT NULL,               -- asked, given, declined, withdrawn
  words TEXT NOT NULL,               -- what was said with it; may be empty
  said_by TEXT REFERENCES person (id),
  said_at BIGINT NOT NULL,
  PRIMARY KEY (evidence_id, unit_id, n)
);
CREATE INDEX consent_unit ON consent (unit_id);

CREATE TABLE showcase (
  id TEXT PRIMARY KEY,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  change_id TEXT NOT NULL REFERENCES change (id),
  unit_id TEXT REFERENCES unit (id), -- whose own story it is; NULL for the change as a whole
  title TEXT NOT NULL,
  story TEXT NOT NULL,
  quotes TEXT NOT NULL,              -- one a line; may be empty
  published_by TEXT REFERENCES person (id),
  published_at BIGINT NOT NULL,
  held_until BIGINT                  -- from then on it is seen; NULL from its publication on
);
CREATE INDEX showcase_evidence ON showcase (evidence_id);
CREATE INDEX showcase_change ON showcase (change_id);

CREATE TABLE showcase_end (
  showcase_id TEXT PRIMARY KEY REFERENCES showcase (id),
  why TEXT NOT NULL,
  ended_by TEXT REFERENCES person (id),
  ended_at BIGINT NOT NULL
);
