-- What arrives late is a row of its own: the day on which use counts is part of the key. And what was kept "under a hash"
-- in the words of earlier steps is kept under a subject: a number made by chance, tied to a person by subject_link alone.
CREATE TABLE use_day_anew (
  change_id TEXT NOT NULL REFERENCES change (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  subject TEXT NOT NULL,
  occurred_day BIGINT NOT NULL,      -- days since 1970 (UTC) on which it happened
  event TEXT NOT NULL,
  day BIGINT NOT NULL,               -- on which it counts: later than it happened, where it arrived after its week was closed
  n_events BIGINT NOT NULL,          -- those of them that count on this day
  PRIMARY KEY (change_id, unit_id, subject, occurred_day, event, day)
);
INSERT INTO use_day_anew (change_id, unit_id, subject, occurred_day, event, day, n_events)
  SELECT change_id, unit_id, subject, occurred_day, event, day, n_events FROM use_day;
DROP TABLE use_day;
ALTER TABLE use_day_anew RENAME TO use_day;

-- What is one person's is found, and destroyed, without looking through everybody's.
CREATE INDEX usage_event_subject ON usage_event (subject);
CREATE INDEX showing_subject ON showing (subject);
CREATE INDEX dead_letter_subject ON dead_letter (subject);
CREATE INDEX subject_link_subject ON subject_link (subject);
CREATE INDEX subject_link_key ON subject_link (key_n);

-- The newest first.
CREATE INDEX dead_letter_received ON dead_letter (received_at);
CREATE INDEX usage_shape_first ON usage_shape (first_at);
