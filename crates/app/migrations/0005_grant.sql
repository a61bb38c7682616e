-- Slots: a unit's right to the solution from a date; what happened to a slot is added, never changed.
CREATE TABLE slot (
  id TEXT PRIMARY KEY,
  change_id TEXT NOT NULL REFERENCES change (id),
  wave_id TEXT REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  asked TEXT NOT NULL,               -- pull: the unit applied; push: it was told to (override, mandate); unknown: imported
  probability DOUBLE PRECISION,      -- of getting it in the draw; NULL outside draws
  not_before BIGINT NOT NULL,
  not_after BIGINT,
  granted_at BIGINT NOT NULL
);
CREATE INDEX slot_change ON slot (change_id);
CREATE INDEX slot_unit ON slot (unit_id);

CREATE TABLE slot_event (
  slot_id TEXT NOT NULL REFERENCES slot (id),
  n BIGINT NOT NULL,
  what TEXT NOT NULL,                -- paused, resumed, given-back, lapsed, ended, handed-over
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (slot_id, n)
);
