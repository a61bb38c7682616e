-- Letters that are to leave. A letter is written when it leaves: neither its words, nor the address, nor a link is kept.
-- That one went to a member of a unit says no more than that he belongs to it: every member gets one, answered or not.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),  -- to whom
  pulse_id TEXT REFERENCES pulse (id),             -- his link to a pulse, or
  trial_id TEXT REFERENCES remedy_trial (id),      -- "is it gone?", of what he tries
  wished_at BIGINT NOT NULL,
  not_after BIGINT NOT NULL                        -- from then on it does not leave any more
);
CREATE INDEX outbox_not_after ON outbox (not_after);
CREATE UNIQUE INDEX outbox_pulse ON outbox (pulse_id, wished_at, person_id);
CREATE UNIQUE INDEX outbox_trial ON outbox (trial_id);

-- A try to send one, begun before it leaves: no other server takes it up meanwhile.
CREATE TABLE outbox_try (
  letter_id TEXT NOT NULL REFERENCES outbox (id),
  n BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  PRIMARY KEY (letter_id, n)
);

-- What became of a try. Without a row it is under way, or was lost with its server.
CREATE TABLE outbox_tried (
  letter_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  became TEXT NOT NULL,                            -- left, again, unsent, over
  reason TEXT,                                     -- why it did not leave
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (letter_id, n),
  FOREIGN KEY (letter_id, n) REFERENCES outbox_try (letter_id, n)
);

-- Said by the outbox from now on.
DROP TABLE remedy_trial_mailed;
