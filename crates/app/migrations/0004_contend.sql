-- Contending: how a wave chooses, who applied, what was committed to, the frozen list, and the draw.
CREATE TABLE wave_policy (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,                 -- the highest n counts
  threshold DOUBLE PRECISION,        -- least mean readiness; NULL: every unit is eligible
  cuts TEXT NOT NULL,                -- cut points of the bands, from high to low, as in 4,3
  unshown_band BIGINT,               -- band of units without a shown pulse; NULL: not eligible
  cap BIGINT,                        -- most slots under one parent
  contenders TEXT NOT NULL,          -- counted or named
  set_by TEXT REFERENCES person (id),
  set_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n)
);

CREATE TABLE draw_commitment (
  wave_id TEXT PRIMARY KEY REFERENCES wave (id),
  secret TEXT NOT NULL,              -- published only with the draw
  commitment TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE TABLE public_source (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,
  name TEXT NOT NULL,
  due TEXT,                          -- when its value comes to be, in words
  named_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n)
);

CREATE TABLE public_value (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  n BIGINT NOT NULL,
  value TEXT NOT NULL,
  entered_by TEXT REFERENCES person (id),
  entered_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, n)
);

CREATE TABLE protected_place (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  why TEXT NOT NULL,
  decided_by TEXT NOT NULL,          -- the name of who decided
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id)
);

CREATE TABLE application (
  id TEXT PRIMARY KEY,
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  applied_by TEXT REFERENCES person (id),
  applied_at BIGINT NOT NULL
);
CREATE INDEX application_wave ON application (wave_id);
CREATE INDEX application_unit ON application (unit_id);

CREATE TABLE application_text (
  application_id TEXT NOT NULL REFERENCES application (id),
  n BIGINT NOT NULL,                 -- 1 as applied; a change is a further row, the highest n counts
  pain TEXT NOT NULL,
  aim TEXT NOT NULL,
  owner TEXT NOT NULL,
  pledge TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (application_id, n)
);

CREATE TABLE application_withdrawal (
  application_id TEXT PRIMARY KEY REFERENCES application (id),
  withdrawn_at BIGINT NOT NULL
);

CREATE TABLE frozen_list (
  wave_id TEXT PRIMARY KEY REFERENCES wave (id),
  list_hash TEXT NOT NULL,
  frozen_at BIGINT NOT NULL
);

CREATE TABLE frozen_entry (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  number BIGINT NOT NULL,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  slug TEXT NOT NULL,
  band BIGINT NOT NULL,
  layer BIGINT NOT NULL,
  place TEXT NOT NULL,
  parent TEXT,
  PRIMARY KEY (wave_id, number)
);

CREATE TABLE draw (
  wave_id TEXT PRIMARY KEY REFERENCES wave (id),
  record TEXT NOT NULL,              -- draw.json, schema traction.draw/1, as it was on the day
  drawn_by TEXT REFERENCES person (id),
  drawn_at BIGINT NOT NULL
);

CREATE TABLE place_override (
  wave_id TEXT NOT NULL REFERENCES wave (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  what TEXT NOT NULL,
  who TEXT NOT NULL,                 -- the name of who decided
  why TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (wave_id, unit_id)
);
