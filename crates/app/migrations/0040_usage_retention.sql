-- How long the events of each source are kept one by one. What is older stays by person and day, in use_day, as long as
-- it counts anywhere; what was dropped is written down.
CREATE TABLE usage_retention (
  source TEXT NOT NULL,
  n BIGINT NOT NULL,                 -- the highest counts
  n_days BIGINT,                     -- NULL: for ever
  set_at BIGINT NOT NULL,
  PRIMARY KEY (source, n)
);

CREATE TABLE usage_dropped (
  source TEXT NOT NULL,
  before BIGINT NOT NULL,            -- the beginning of the first day (UTC) of which nothing was dropped
  n_events BIGINT NOT NULL,
  n_showings BIGINT NOT NULL,
  n_letters BIGINT NOT NULL,
  dropped_at BIGINT NOT NULL,
  PRIMARY KEY (source, before)
);

CREATE INDEX showing_received ON showing (received_at);
