-- A place past the draw takes two people: one asks, another confirms or declines. What was confirmed stands in place_override.
CREATE TABLE override_request (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,                 -- 1 for the first; after a no it may be asked again
  why TEXT NOT NULL,
  asked_by TEXT NOT NULL REFERENCES person (id),
  asked_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id, n)
);

CREATE TABLE override_answer (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,                 -- of the request
  answer TEXT NOT NULL,              -- confirmed or declined
  answered_by TEXT NOT NULL REFERENCES person (id),
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id, n)
);

-- After how many days without use a slot of a change lapses. It counts for waves that open after it was set.
CREATE TABLE lapse_rule (
  change_id TEXT NOT NULL REFERENCES change (id),
  n BIGINT NOT NULL,                 -- of several, the last before a wave's opening counts for the wave
  days BIGINT,                       -- NULL: nothing lapses by itself
  set_by TEXT REFERENCES person (id),
  set_at BIGINT NOT NULL,
  PRIMARY KEY (change_id, n)
);
