-- What each set of outcomes was when it was recorded: `doctor` holds the rows against it. Older sets have none.
CREATE TABLE outcome_seal (
  import_id TEXT PRIMARY KEY REFERENCES taken_in (id),
  n_outcomes BIGINT NOT NULL,
  seal TEXT NOT NULL                 -- SHA-256 of each row, all of them by exclusive or: in whatever order they are read
);
