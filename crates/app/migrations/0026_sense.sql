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

-- A case: several people are asked on the same matter, each alone. Only who opened it sees it.
CREATE TABLE sense_case (
  id TEXT PRIMARY KEY,
  playbook TEXT NOT NULL,            -- its name, whichever version
  title TEXT NOT NULL,
  opened_by TEXT REFERENCES person (id),
  opened_at BIGINT NOT NULL
);
CREATE INDEX sense_case_opened_by ON sense_case (opened_by);

CREATE TABLE sense_case_end (
  case_id TEXT PRIMARY KEY REFERENCES sense_case (id),
  closed_at BIGINT NOT NULL
);

-- A link by which one person answers, as its secret's hash; and that it was used, not when, and not for which answers.
CREATE TABLE voice_link (
  hash TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES sense_case (id)
);
CREATE INDEX voice_link_case ON voice_link (case_id);

CREATE TABLE voice_link_used (
  hash TEXT PRIMARY KEY REFERENCES voice_link (hash)
);

-- What one person answered: an id of the case's first moment and of chance, no time, no link. All voices of a case are
-- written anew whenever one is added, so that their order on disk says nothing.
CREATE TABLE voice (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES sense_case (id),
  openness TEXT NOT NULL,            -- open: may be shown, without a name; closed: told together only
  answers TEXT NOT NULL              -- sign.answer~sign.answer, in the playbook's names
);
CREATE INDEX voice_case ON voice (case_id);
