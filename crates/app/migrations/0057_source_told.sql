-- Where the value of a public source is published; sources named before this have none.
ALTER TABLE public_source ADD COLUMN link TEXT;

-- A value that was put right before the draw; the highest k counts, and the first entry stays in public_value.
CREATE TABLE public_value_correction (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,                 -- of the source
  k BIGINT NOT NULL,
  value TEXT NOT NULL,
  why TEXT NOT NULL,
  corrected_by TEXT REFERENCES person (id),
  corrected_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n, k)
);

-- A source that failed to publish: one says so with a reason, another confirms that the draw goes on without it.
CREATE TABLE source_failure (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,                 -- of the source
  k BIGINT NOT NULL,                 -- 1 for the first; after a no it may be asked again
  why TEXT NOT NULL,
  asked_by TEXT NOT NULL REFERENCES person (id),
  asked_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n, k)
);

CREATE TABLE source_failure_answer (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,
  k BIGINT NOT NULL,                 -- of the request
  answer TEXT NOT NULL,              -- confirmed or declined
  answered_by TEXT NOT NULL REFERENCES person (id),
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n, k)
);
