-- A wave that is not drawn can be cancelled, with a reason that all who applied read. It stays cancelled.
CREATE TABLE wave_cancelled (
  wave_id TEXT PRIMARY KEY REFERENCES wave (id),
  why TEXT NOT NULL,
  who TEXT NOT NULL,                 -- the name others read
  cancelled_at BIGINT NOT NULL
);
