-- When a token was last used, to within a minute: not a fact, but what tells an administrator which ones nobody needs.
CREATE TABLE token_use (
  token_id TEXT PRIMARY KEY REFERENCES token (id),
  used_at BIGINT NOT NULL
);
