-- The newest use of a change, and its last weeks, without reading all of them.
CREATE INDEX usage_event_last ON usage_event (change_id, occurred_at);
