-- Of which units and periods a source gave a value, and when it did so first, whether or not it was known by then: by that
-- it is known which of a metric's sources may correct it.
CREATE TABLE source_gave (
  source_id TEXT NOT NULL REFERENCES source (id),
  period TEXT NOT NULL,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  first_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, period, unit_id)
);
-- What a source gave before this was written down is told by what it changed.
INSERT INTO source_gave (source_id, period, unit_id, first_at)
  SELECT r.source_id, o.period, o.unit_id, MIN(e.ended_at)
  FROM outcome o JOIN source_run_end e ON e.import_id = o.import_id JOIN source_run r ON r.id = e.run_id
  GROUP BY r.source_id, o.period, o.unit_id;
