-- What was taken back is rare, and asked for wherever outcomes are counted.
CREATE INDEX outcome_taken_back ON outcome (metric_id, unit_id, period, n) WHERE value IS NULL;

-- That usage is dropped is written down before, and how much with each part of it: whatever breaks off, it is known what may
-- be gone, and where to go on.
ALTER TABLE usage_dropped ADD COLUMN arrived_until BIGINT;  -- what arrived before is done; NULL: all of it is
ALTER TABLE usage_retention ADD COLUMN actor TEXT;          -- as in the journal; NULL: before this was written down
ALTER TABLE usage_retention ADD COLUMN actor_id TEXT;

-- The periods of which a source brought a value, and when it did so first: by that it is known how fresh it is.
CREATE TABLE source_brought (
  source_id TEXT NOT NULL REFERENCES source (id),
  period TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, period)
);
INSERT INTO source_brought (source_id, period, first_at)
  SELECT b.source_id, b.period, MIN(b.ended_at) FROM (
    SELECT r.source_id AS source_id, e.last_period AS period, e.ended_at AS ended_at
      FROM source_run_end e JOIN source_run r ON r.id = e.run_id WHERE e.last_period IS NOT NULL
    UNION ALL
    SELECT r.source_id AS source_id, i.period AS period, e.ended_at AS ended_at
      FROM (SELECT DISTINCT o.import_id AS import_id, o.period AS period FROM outcome o WHERE o.value IS NOT NULL) i
      JOIN source_run_end e ON e.import_id = i.import_id JOIN source_run r ON r.id = e.run_id) b
  GROUP BY b.source_id, b.period;
