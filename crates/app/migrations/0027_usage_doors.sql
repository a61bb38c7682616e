-- Further doors for usage: moments at which the real system switched the solution on or off for somebody, kept apart from
-- use; dead letters that can be mended and tried again; what the events of each source look like.
CREATE TABLE showing (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  subject TEXT,                      -- as in usage_event
  unit_id TEXT REFERENCES unit (id),
  change_id TEXT NOT NULL REFERENCES change (id),
  variant TEXT NOT NULL,             -- as the real system was told: on, off
  PRIMARY KEY (source, id)
);
CREATE INDEX showing_use ON showing (change_id, occurred_at);

ALTER TABLE dead_letter ADD COLUMN form TEXT NOT NULL DEFAULT 'segment';
ALTER TABLE dead_letter ADD COLUMN subject TEXT;

CREATE TABLE dead_letter_end (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  how TEXT NOT NULL,                 -- counted, left
  PRIMARY KEY (source, id)
);

-- Names of events and of their parts, never values.
CREATE TABLE usage_shape (
  source TEXT NOT NULL,
  form TEXT NOT NULL,                -- segment, cloudevent, otlp
  event TEXT NOT NULL,
  fate TEXT NOT NULL,                -- counted, shown, passed-over, set-aside
  parts TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  PRIMARY KEY (source, form, event, fate, parts)
);
