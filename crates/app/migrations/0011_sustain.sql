-- Keeping what was gained: hand-overs and their answers, alarms, tensions with their rocks, engagements and reviews.
CREATE TABLE hand_over (
  id TEXT PRIMARY KEY,
  slot_id TEXT NOT NULL REFERENCES slot (id),
  from_id TEXT NOT NULL REFERENCES person (id),
  owner_id TEXT NOT NULL REFERENCES person (id),
  transferred TEXT NOT NULL,         -- one thing a line
  support_ends TEXT NOT NULL,        -- a day, 2026-03-02
  proposed_at BIGINT NOT NULL
);
CREATE INDEX hand_over_slot ON hand_over (slot_id);

CREATE TABLE hand_over_answer (
  hand_over_id TEXT PRIMARY KEY REFERENCES hand_over (id),
  state TEXT NOT NULL,               -- accepted, declined or withdrawn
  reason TEXT,                       -- why it was declined
  at BIGINT NOT NULL
);

CREATE TABLE alarm (
  id TEXT PRIMARY KEY,
  hand_over_id TEXT NOT NULL REFERENCES hand_over (id),
  series TEXT NOT NULL,              -- outcome or uptake
  says TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (hand_over_id, series)      -- an alarm is raised once and not taken back
);

CREATE TABLE tension (
  id TEXT PRIMARY KEY,
  unit_id TEXT REFERENCES unit (id), -- NULL for the whole organisation
  attention TEXT NOT NULL,           -- left or right: where it was when the tension was drawn up
  named_by TEXT REFERENCES person (id),
  named_at BIGINT NOT NULL
);

CREATE TABLE pole (
  tension_id TEXT NOT NULL REFERENCES tension (id),
  side TEXT NOT NULL,                -- left or right
  name TEXT NOT NULL,
  upside TEXT NOT NULL,
  early_warning TEXT NOT NULL,
  metric_id TEXT NOT NULL REFERENCES metric (id),
  healthy DOUBLE PRECISION NOT NULL,
  floor DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (tension_id, side)
);

CREATE TABLE rock (
  id TEXT PRIMARY KEY,
  tension_id TEXT NOT NULL REFERENCES tension (id),
  to_side TEXT NOT NULL,
  why TEXT NOT NULL,
  decided_by TEXT REFERENCES person (id),
  at BIGINT NOT NULL
);
CREATE INDEX rock_tension ON rock (tension_id, at);

CREATE TABLE engagement (
  id TEXT PRIMARY KEY,
  expert_id TEXT REFERENCES person (id), -- NULL for somebody from outside without an account
  expert_name TEXT NOT NULL,
  comes_as TEXT NOT NULL,            -- internal improvement nurse, consultant
  unit_id TEXT NOT NULL REFERENCES unit (id),
  engaged_by TEXT NOT NULL REFERENCES person (id),
  first_day TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX engagement_unit ON engagement (unit_id);

CREATE TABLE engagement_end (
  engagement_id TEXT PRIMARY KEY REFERENCES engagement (id),
  last_day TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Who has reviewed, and what was said: no column, no time and no order leads from one to the other.
CREATE TABLE has_reviewed (
  engagement_id TEXT NOT NULL REFERENCES engagement (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (engagement_id, person_id)
);

CREATE TABLE review (
  id TEXT PRIMARY KEY,
  engagement_id TEXT NOT NULL REFERENCES engagement (id),
  batch BIGINT NOT NULL,             -- 0 for the first five of an engagement: shown together or not at all
  understood BIGINT NOT NULL,
  left_us_able BIGINT NOT NULL,
  kept_promises BIGINT NOT NULL,
  worth_our_time BIGINT NOT NULL,
  words TEXT
);
CREATE INDEX review_engagement ON review (engagement_id);
