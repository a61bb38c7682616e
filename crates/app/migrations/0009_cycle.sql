-- Cycles: one small test each. The prediction is a row of its own, so that it can be locked once and only once.
CREATE TABLE cycle (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  aim TEXT NOT NULL,
  previous_id TEXT REFERENCES cycle (id), -- the one it starts from
  change_id TEXT REFERENCES change (id),
  friction_id TEXT REFERENCES friction (id),
  idea_id TEXT REFERENCES idea (id),
  alarm_id TEXT UNIQUE,              -- of sustain; one alarm opens one cycle
  started_by TEXT REFERENCES person (id),
  started_at BIGINT NOT NULL
);
CREATE INDEX cycle_unit ON cycle (unit_id);
CREATE INDEX cycle_previous ON cycle (previous_id);
CREATE INDEX cycle_change ON cycle (change_id);

CREATE TABLE cycle_prediction (
  cycle_id TEXT PRIMARY KEY REFERENCES cycle (id),
  prediction TEXT NOT NULL,
  plan TEXT NOT NULL,
  hash TEXT NOT NULL,
  locked_by TEXT REFERENCES person (id),
  locked_at BIGINT NOT NULL
);

CREATE TABLE cycle_note (
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  n BIGINT NOT NULL,
  kind TEXT NOT NULL,                -- do or study
  words TEXT NOT NULL,
  noted_by TEXT REFERENCES person (id),
  noted_at BIGINT NOT NULL,
  PRIMARY KEY (cycle_id, n)
);

CREATE TABLE cycle_point (
  cycle_id TEXT NOT NULL REFERENCES cycle (id),
  n BIGINT NOT NULL,                 -- of several values of one measure and day, the highest n counts
  measure TEXT NOT NULL,             -- what was measured, in the writer's words
  day TEXT NOT NULL,                 -- 2026-03-02
  value DOUBLE PRECISION NOT NULL,
  recorded_by TEXT REFERENCES person (id),
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (cycle_id, n)
);

CREATE TABLE cycle_end (
  cycle_id TEXT PRIMARY KEY REFERENCES cycle (id),
  decision TEXT NOT NULL,            -- adopt, adapt, abandon
  learnt TEXT NOT NULL,
  next_step TEXT,
  closed_by TEXT REFERENCES person (id),
  closed_at BIGINT NOT NULL
);

-- Commitments: of a person (seen by him alone) or of a unit (seen by its people). No column counts activity.
CREATE TABLE commitment (
  id TEXT PRIMARY KEY,
  person_id TEXT REFERENCES person (id),
  unit_id TEXT REFERENCES unit (id), -- exactly one of the two
  goal TEXT NOT NULL,
  plan TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  made_by TEXT REFERENCES person (id),
  made_at BIGINT NOT NULL
);
CREATE INDEX commitment_person ON commitment (person_id);
CREATE INDEX commitment_unit ON commitment (unit_id);

-- A check-in does not say who left it: on a person's commitment it is he, on a unit's nobody needs to know.
CREATE TABLE check_in (
  id TEXT PRIMARY KEY,
  commitment_id TEXT NOT NULL REFERENCES commitment (id),
  confidence BIGINT NOT NULL,        -- 1 to 5
  learnt TEXT,
  checked_at BIGINT NOT NULL
);
CREATE INDEX check_in_commitment ON check_in (commitment_id);

CREATE TABLE commitment_end (
  commitment_id TEXT PRIMARY KEY REFERENCES commitment (id),
  outcome TEXT NOT NULL,             -- met or not-met, in its owner's own eyes
  learnt TEXT NOT NULL,
  next_step TEXT,
  closed_at BIGINT NOT NULL
);
