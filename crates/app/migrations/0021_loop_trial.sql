-- Facts whose consequences did not come about: tried again after a while, in the end set aside for somebody to look at.
CREATE TABLE loop_trial (
  seq BIGINT PRIMARY KEY REFERENCES journal (seq),
  n_tries BIGINT NOT NULL,
  why TEXT NOT NULL,                 -- what came of the last try
  tried_at BIGINT NOT NULL,
  again_at BIGINT,                   -- when it is tried again; NULL: set aside
  done_at BIGINT                     -- when it came about after all
);
