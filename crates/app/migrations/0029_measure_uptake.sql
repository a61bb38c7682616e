-- Uptake without reading events: use by person and day, counts by unit and week, and what is told of a week. Written
-- once, when a week is closed; a later week is a further row.
CREATE TABLE use_day (
  change_id TEXT NOT NULL REFERENCES change (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  subject TEXT NOT NULL,             -- keyed hash of a person
  occurred_day BIGINT NOT NULL,      -- days since 1970 (UTC) on which it happened
  event TEXT NOT NULL,
  day BIGINT NOT NULL,               -- on which it counts: later than it happened, where it arrived after its week was closed
  n_events BIGINT NOT NULL,
  PRIMARY KEY (change_id, unit_id, subject, occurred_day, event)
);

CREATE TABLE uptake_unit (
  change_id TEXT NOT NULL REFERENCES change (id),
  week BIGINT NOT NULL,              -- weeks since the first Monday of 1970
  unit_id TEXT NOT NULL REFERENCES unit (id),
  n_eligible BIGINT NOT NULL,
  n_active BIGINT NOT NULL,          -- in the week; counts here are not yet fit to be shown
  n_active_before BIGINT,            -- in the three weeks before and not in it; NULL in the first week of access
  n_activated BIGINT,                -- within 14 days of access; only in the week in which they were over
  PRIMARY KEY (change_id, week, unit_id)
);
CREATE INDEX uptake_unit_activated ON uptake_unit (change_id, n_activated);

CREATE TABLE uptake_week (
  change_id TEXT NOT NULL REFERENCES change (id),
  week BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  total TEXT NOT NULL,               -- exact, few, nearly-all or withheld: what is shown of all who were active in it
  n_active BIGINT,                   -- where it is exact
  n_eligible BIGINT,                 -- where anything is shown
  told TEXT NOT NULL,                -- JSON: the numbers of the whole, as they may be shown
  PRIMARY KEY (change_id, week)
);
