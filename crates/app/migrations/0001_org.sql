-- The ground: units, people, roles, ways in; and the journal of everything that happens.
-- One text for SQLite and PostgreSQL: ids are TEXT, moments BIGINT milliseconds UTC, absence is NULL, no booleans.
CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  parent_id TEXT REFERENCES unit (id),
  n_members BIGINT,
  attributes TEXT NOT NULL DEFAULT '{}',
  added_at BIGINT NOT NULL
);
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  external_id TEXT UNIQUE,
  attributes TEXT NOT NULL DEFAULT '{}',
  added_at BIGINT NOT NULL
);

CREATE TABLE role (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  unit_id TEXT REFERENCES unit (id),
  word TEXT NOT NULL,
  given_at BIGINT NOT NULL
);
CREATE INDEX role_person ON role (person_id);
CREATE INDEX role_unit ON role (unit_id);

CREATE TABLE role_end (
  role_id TEXT PRIMARY KEY REFERENCES role (id),
  ended_at BIGINT NOT NULL
);

CREATE TABLE password (
  person_id TEXT NOT NULL REFERENCES person (id),
  hash TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, set_at)
);

CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  made_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);

CREATE TABLE sign_in_link (
  hash TEXT PRIMARY KEY,
  person_id TEXT REFERENCES person (id),
  uses TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE token (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE TABLE token_end (
  token_id TEXT PRIMARY KEY REFERENCES token (id),
  ended_at BIGINT NOT NULL
);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE journal (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  actor_id TEXT,
  kind TEXT NOT NULL,
  fact TEXT NOT NULL
);
CREATE INDEX journal_kind ON journal (kind, seq);

CREATE TABLE loop_cursor (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);
