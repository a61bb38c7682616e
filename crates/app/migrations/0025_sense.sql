-- What became of a friction after a remedy of a playbook, so that the next diagnosis knows. It names no case and no unit.
CREATE TABLE remedy_outcome (
  id TEXT PRIMARY KEY,
  playbook TEXT NOT NULL,            -- its name, whichever version
  remedy TEXT NOT NULL,              -- names within it
  friction TEXT NOT NULL,
  outcome TEXT NOT NULL,             -- gone, stayed
  recorded_by TEXT REFERENCES person (id),
  recorded_at BIGINT NOT NULL
);
CREATE INDEX remedy_outcome_playbook ON remedy_outcome (playbook);
