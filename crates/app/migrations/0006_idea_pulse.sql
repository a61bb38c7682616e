-- Ideas from the front line, and what became of them.
CREATE TABLE idea (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  friction_id TEXT REFERENCES friction (id),
  title TEXT NOT NULL,
  hope TEXT NOT NULL,                -- what would get better
  submitted_by TEXT REFERENCES person (id),
  submitted_at BIGINT NOT NULL
);
CREATE INDEX idea_unit ON idea (unit_id);
CREATE INDEX idea_friction ON idea (friction_id);

CREATE TABLE idea_move (
  idea_id TEXT NOT NULL REFERENCES idea (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  unit_id TEXT REFERENCES unit (id), -- who copied it, where the state is spread
  moved_by TEXT REFERENCES person (id),
  moved_at BIGINT NOT NULL,
  PRIMARY KEY (idea_id, n)
);

-- Pulses. No row holds what one person said: an answer adds one to a tally of each item. All tallies of a pulse are
-- there from its opening and all are written at every answer, so that no row tells by its age which ones it moved.
CREATE TABLE pulse (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  change_id TEXT REFERENCES change (id), -- what it asks about; NULL: change at large
  instrument TEXT NOT NULL,
  opened_by TEXT REFERENCES person (id),
  opened_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL
);
CREATE INDEX pulse_unit ON pulse (unit_id, closes_at);

CREATE TABLE pulse_answered (
  pulse_id TEXT NOT NULL REFERENCES pulse (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (pulse_id, person_id)
);

CREATE TABLE pulse_tally (
  pulse_id TEXT NOT NULL REFERENCES pulse (id),
  item TEXT NOT NULL,
  answer BIGINT NOT NULL,            -- 1 to 5
  n BIGINT NOT NULL,                 -- how many chose it
  PRIMARY KEY (pulse_id, item, answer)
);
