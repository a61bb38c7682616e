-- Instruments that somebody brought in, each version for good; a pulse names the one it asks by.
CREATE TABLE instrument (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  text TEXT NOT NULL,
  brought_by TEXT REFERENCES person (id),
  brought_at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

-- Personal links to a pulse, by the hash of their secret. Several of one person are worth one answer: that he has answered
-- is kept where it is kept of those who sign in.
CREATE TABLE pulse_link (
  hash TEXT PRIMARY KEY,
  pulse_id TEXT NOT NULL REFERENCES pulse (id),
  person_id TEXT NOT NULL REFERENCES person (id)
);
CREATE INDEX pulse_link_pulse ON pulse_link (pulse_id);
