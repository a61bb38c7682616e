-- What gets in the way: reports, "me too", and answers, each a fact of its own.
CREATE TABLE friction (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  title TEXT NOT NULL,
  times_per_week DOUBLE PRECISION NOT NULL,
  minutes DOUBLE PRECISION NOT NULL,
  n_people DOUBLE PRECISION NOT NULL,
  reported_by TEXT REFERENCES person (id),
  reported_at BIGINT NOT NULL,
  import_key TEXT UNIQUE,
  attributes TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX friction_unit ON friction (unit_id);

CREATE TABLE friction_share (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  times_per_week DOUBLE PRECISION NOT NULL,
  minutes DOUBLE PRECISION NOT NULL,
  shared_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, person_id)
);

CREATE TABLE friction_answer (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  owner_id TEXT REFERENCES person (id),
  answered_by TEXT REFERENCES person (id),
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, n)
);
