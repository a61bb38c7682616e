-- Who sees a report, how it came, and whether somebody looks at it first: promised when it was made, and never changed.
ALTER TABLE friction ADD COLUMN audience TEXT NOT NULL DEFAULT 'all';      -- all, unit, lead
ALTER TABLE friction ADD COLUMN came_by TEXT NOT NULL DEFAULT 'account';   -- account, kiosk
ALTER TABLE friction ADD COLUMN first_shown TEXT NOT NULL DEFAULT 'shown'; -- shown, waits
CREATE INDEX friction_reported ON friction (unit_id, came_by, reported_at);

-- How a unit takes reports in; the last row counts, for what is reported from then on.
CREATE TABLE friction_intake (
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n BIGINT NOT NULL,
  audience TEXT NOT NULL,            -- all, unit, lead
  look TEXT NOT NULL,                -- at-once, first
  set_by TEXT REFERENCES person (id),
  set_at BIGINT NOT NULL,
  PRIMARY KEY (unit_id, n)
);

-- What somebody said who looked at a report; the last row counts.
CREATE TABLE friction_look (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  n BIGINT NOT NULL,
  shown TEXT NOT NULL,               -- shown, held-back
  words TEXT NOT NULL,
  looked_by TEXT REFERENCES person (id),
  looked_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, n)
);

-- Into which other friction one was merged; nothing: taken out of it again. The last row counts.
CREATE TABLE friction_merge (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  n BIGINT NOT NULL,
  into_id TEXT REFERENCES friction (id),
  merged_by TEXT REFERENCES person (id),
  merged_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, n)
);

-- The metric of its unit that shows a friction's course; nothing: none any more. The last row counts.
CREATE TABLE friction_metric (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  n BIGINT NOT NULL,
  metric_id TEXT REFERENCES metric (id),
  pointed_by TEXT REFERENCES person (id),
  pointed_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, n)
);

-- Whether it is gone, as whoever reported it says of the answer that said so. It names nobody.
CREATE TABLE friction_verdict (
  friction_id TEXT NOT NULL REFERENCES friction (id),
  answer_n BIGINT NOT NULL,
  verdict TEXT NOT NULL,             -- gone, stays
  words TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (friction_id, answer_n)
);

-- A unit's link for those without an account. It hangs on a wall, so that it is kept as it is, to be printed again.
CREATE TABLE kiosk (
  secret TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  opened_by TEXT REFERENCES person (id),
  opened_at BIGINT NOT NULL
);
CREATE INDEX kiosk_unit ON kiosk (unit_id);

CREATE TABLE kiosk_end (
  secret TEXT PRIMARY KEY REFERENCES kiosk (secret),
  closed_by TEXT REFERENCES person (id),
  closed_at BIGINT NOT NULL
);
