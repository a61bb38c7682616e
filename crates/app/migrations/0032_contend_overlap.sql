-- Applications that were not withdrawn and are not on the frozen list all the same, with the reason. Where all are, there
-- is no list.
CREATE TABLE left_out (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  slot_id TEXT,                      -- the slot by which it has the change; NULL where the policy keeps it out
  why TEXT NOT NULL,                 -- a sentence without its full stop
  PRIMARY KEY (wave_id, unit_id)
);
