-- Playbooks that somebody brought in, each version for good.
CREATE TABLE playbook (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  text TEXT NOT NULL,
  brought_by TEXT REFERENCES person (id),
  brought_at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

-- Customer organisations, and what each is stuck on: a friction of a playbook, in the words they say it in. Where it
-- stands is read from what was tried.
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  opened_by TEXT REFERENCES person (id),
  opened_at BIGINT NOT NULL
);

CREATE TABLE account_hold (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id),
  playbook TEXT NOT NULL,            -- its name, whichever version
  friction TEXT NOT NULL,            -- its name there
  words TEXT NOT NULL,
  said_by TEXT REFERENCES person (id),
  said_at BIGINT NOT NULL
);
CREATE INDEX account_hold_account ON account_hold (account_id);

-- Which customer organisation a case is about.
CREATE TABLE account_case (
  case_id TEXT PRIMARY KEY REFERENCES sense_case (id),
  account_id TEXT NOT NULL REFERENCES account (id)
);
CREATE INDEX account_case_account ON account_case (account_id);

-- A case that a program opened; that program alone sees it.
CREATE TABLE case_token (
  case_id TEXT PRIMARY KEY REFERENCES sense_case (id),
  token_id TEXT NOT NULL REFERENCES token (id)
);
CREATE INDEX case_token_token ON case_token (token_id);

-- A change of ours that is a remedy of a playbook: where demand for the remedy leads.
CREATE TABLE remedy_offer (
  playbook TEXT NOT NULL,
  remedy TEXT NOT NULL,
  change_id TEXT NOT NULL REFERENCES change (id),
  said_by TEXT REFERENCES person (id),
  said_at BIGINT NOT NULL,
  PRIMARY KEY (playbook, remedy, change_id)
);
CREATE INDEX remedy_offer_change ON remedy_offer (change_id);

-- A remedy that is being tried, on a case or on what an account is stuck on; when it is asked what became of it; that it
-- was asked; and what was said, which is an outcome like any other.
CREATE TABLE remedy_trial (
  id TEXT PRIMARY KEY,
  playbook TEXT NOT NULL,
  remedy TEXT NOT NULL,
  friction TEXT NOT NULL,
  case_id TEXT REFERENCES sense_case (id),
  hold_id TEXT REFERENCES account_hold (id),
  begun_by TEXT REFERENCES person (id),
  begun_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX remedy_trial_hold ON remedy_trial (hold_id);
CREATE INDEX remedy_trial_case ON remedy_trial (case_id);
CREATE INDEX remedy_trial_due ON remedy_trial (due_at);
CREATE INDEX remedy_trial_begun_by ON remedy_trial (begun_by);

CREATE TABLE remedy_trial_asked (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  asked_at BIGINT NOT NULL
);

CREATE TABLE remedy_trial_end (
  trial_id TEXT PRIMARY KEY REFERENCES remedy_trial (id),
  outcome_id TEXT NOT NULL REFERENCES remedy_outcome (id),
  ended_at BIGINT NOT NULL
);
