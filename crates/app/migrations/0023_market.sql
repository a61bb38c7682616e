-- Which rules make a unit near to where a change works: people, parent, distance.
ALTER TABLE wave_policy ADD COLUMN layers TEXT NOT NULL DEFAULT 'people,parent';

-- Places that are given without chance; of several decisions on one unit the highest n counts.
CREATE TABLE place_protection (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,
  place TEXT NOT NULL,               -- protected, or open again
  why TEXT NOT NULL,
  decided_by TEXT NOT NULL,          -- the name of who decided
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id, n)
);
INSERT INTO place_protection (wave_id, unit_id, n, place, why, decided_by, decided_at)
  SELECT wave_id, unit_id, 1, 'protected', why, decided_by, decided_at FROM protected_place;
DROP TABLE protected_place;

-- What a unit has begun to write and not sent; the highest n counts. Only its leads read it.
CREATE TABLE application_draft (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,               -- kept, or dropped: then nothing is written
  pain TEXT NOT NULL,
  aim TEXT NOT NULL,
  owner TEXT NOT NULL,
  pledge TEXT NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id, n)
);

-- Who wants to be told of a wave before it closes; the highest n counts.
CREATE TABLE reminder (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,               -- asked or ended
  at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, person_id, n)
);
CREATE INDEX reminder_person ON reminder (person_id);
