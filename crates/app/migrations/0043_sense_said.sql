-- Whether it is gone, as each who reported it says of the answer that said so: of a friction itself, and by way of each that
-- was merged into it. It names nobody. Takes the place of friction_verdict, which knew of one reporter only.
CREATE TABLE friction_said (
  friction_id TEXT NOT NULL REFERENCES friction (id), -- the one that was answered
  answer_n BIGINT NOT NULL,
  via_id TEXT NOT NULL REFERENCES friction (id),      -- the one whose reporter speaks: the same, or one merged into it
  verdict TEXT NOT NULL,                              -- gone, stays
  words TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, answer_n, via_id)
);
INSERT INTO friction_said (friction_id, answer_n, via_id, verdict, words, said_at)
  SELECT friction_id, answer_n, friction_id, verdict, words, said_at FROM friction_verdict;
DROP TABLE friction_verdict;
