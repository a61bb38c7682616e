-- Uptake by unit and week, and what arrived in the last minutes, without reading every event.
CREATE INDEX usage_event_use ON usage_event (change_id, unit_id, subject, occurred_at);
CREATE INDEX usage_event_received ON usage_event (received_at);
DROP INDEX usage_event_change;
