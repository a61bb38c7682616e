-- No page and no job reads all events of a change: what it was used for is asked of the days and weeks that were counted,
-- and of events only what came since.
CREATE INDEX usage_event_unit ON usage_event (change_id, unit_id, occurred_at);
DROP INDEX usage_event_use;
CREATE INDEX usage_event_nobody ON usage_event (change_id, unit_id, occurred_at) WHERE subject IS NULL;
CREATE INDEX use_day_when ON use_day (change_id, unit_id, occurred_day, subject);
CREATE INDEX use_day_subject ON use_day (subject);
CREATE INDEX uptake_unit_unit ON uptake_unit (change_id, unit_id);
