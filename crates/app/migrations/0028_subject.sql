-- Who is which subject: a link that is found by a keyed hash of the person's name, and can be destroyed. A subject is
-- chance; without its link nobody can tell whose it is.
CREATE TABLE subject_key (
  n BIGINT PRIMARY KEY,              -- the highest is in use; former ones still find links until they are retired
  secret TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE TABLE subject_link (
  name TEXT PRIMARY KEY,             -- HMAC-SHA-256 of the name by which the real system knows a person
  key_n BIGINT NOT NULL REFERENCES subject_key (n),
  subject TEXT NOT NULL
);
