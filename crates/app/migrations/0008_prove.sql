-- Evidence records: written once, superseded by later ones, never changed.
CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  change_id TEXT NOT NULL REFERENCES change (id),
  metric_id TEXT NOT NULL REFERENCES metric (id),
  verdict_kind TEXT NOT NULL,
  verdict_says TEXT NOT NULL,
  estimate DOUBLE PRECISION,
  low DOUBLE PRECISION,
  high DOUBLE PRECISION,
  data_sha256 TEXT NOT NULL,         -- of panel_csv's bytes
  panel_csv TEXT NOT NULL,
  settings TEXT NOT NULL,            -- JSON: the options, so that the record can be made again
  record TEXT NOT NULL,              -- evidence.json, schema traction.evidence/1
  version TEXT NOT NULL,
  made_by TEXT REFERENCES person (id),
  made_at BIGINT NOT NULL
);
CREATE INDEX evidence_change ON evidence (change_id, made_at);
