-- The records of the draws that an evidence record rests on, as they stood when it was made: they are among its files.
CREATE TABLE evidence_draw (
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  wave_n BIGINT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (evidence_id, wave_n)
);
