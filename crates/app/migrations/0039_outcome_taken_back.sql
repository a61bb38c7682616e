-- A value may be taken back: a further word on its unit and period, without a value. And a source is as fresh as what it
-- brought itself: each run keeps the last period in which it saw a value.
CREATE TABLE outcome_anew (
  metric_id TEXT NOT NULL REFERENCES metric (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  period TEXT NOT NULL,              -- 2004, 2026-03 or 2026-03-02: as traction_stats reads periods
  n BIGINT NOT NULL,                 -- 1 for the first value; a correction is a further row, the highest n counts
  value DOUBLE PRECISION,            -- NULL: what was known is taken back
  numerator DOUBLE PRECISION,
  denominator DOUBLE PRECISION,
  import_id TEXT NOT NULL REFERENCES taken_in (id),
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (metric_id, unit_id, period, n)
);
INSERT INTO outcome_anew (metric_id, unit_id, period, n, value, numerator, denominator, import_id, recorded_at)
  SELECT metric_id, unit_id, period, n, value, numerator, denominator, import_id, recorded_at FROM outcome;
DROP TABLE outcome;
ALTER TABLE outcome_anew RENAME TO outcome;

ALTER TABLE source_run_end ADD COLUMN last_period TEXT;
ALTER TABLE source_run_end ADD COLUMN n_taken_back BIGINT;  -- of n_corrected; NULL: before this was possible
UPDATE source_run_end SET last_period =
  (SELECT MAX(o.period) FROM outcome o WHERE o.import_id = source_run_end.import_id)
  WHERE import_id IS NOT NULL;
CREATE INDEX source_run_end_import ON source_run_end (import_id);
