-- Who was seen under several names before it was known that all are his has several subjects. What is kept under them stays;
-- wherever people are counted, each leads to the one that is his own.
CREATE TABLE subject_alias (
  subject TEXT PRIMARY KEY,
  own TEXT NOT NULL,                 -- never an alias itself
  joined_at BIGINT NOT NULL
);
CREATE INDEX subject_alias_own ON subject_alias (own);
