-- What a program asked for under a key of its own (`Idempotency-Key`), and what it was answered: for a day, so that what it
-- sends again is not done again. The answer follows the write; it stays empty where it was never known, or is told once.
CREATE TABLE repeat (
  token_id TEXT NOT NULL REFERENCES token (id),
  key TEXT NOT NULL,
  asked TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  status BIGINT,
  kind TEXT,
  body TEXT,
  PRIMARY KEY (token_id, key)
);

CREATE INDEX repeat_asked_at ON repeat (asked_at);
