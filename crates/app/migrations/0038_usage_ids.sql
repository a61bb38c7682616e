-- Ids that earlier steps made of an event's content had the name of who did it in them: whoever holds one could try names.
-- They are numbered anew, in an order that says nothing of people.
CREATE TABLE renumbered AS
  SELECT source, id, 'kept:' || ROW_NUMBER() OVER (ORDER BY source, received_at, id) AS fresh
  FROM usage_event WHERE id LIKE 'sha256:%' OR (source = 'import' AND LENGTH(id) = 64);
UPDATE usage_event SET id = r.fresh FROM renumbered r WHERE usage_event.source = r.source AND usage_event.id = r.id;
DROP TABLE renumbered;

CREATE TABLE renumbered AS
  SELECT source, id, 'kept:' || ROW_NUMBER() OVER (ORDER BY source, received_at, id) AS fresh
  FROM showing WHERE id LIKE 'sha256:%';
UPDATE showing SET id = r.fresh FROM renumbered r WHERE showing.source = r.source AND showing.id = r.id;
DROP TABLE renumbered;

CREATE TABLE renumbered AS
  SELECT source, id, 'kept:' || ROW_NUMBER() OVER (ORDER BY source, received_at, id) AS fresh
  FROM dead_letter WHERE id LIKE 'sha256:%';
UPDATE dead_letter SET id = r.fresh FROM renumbered r WHERE dead_letter.source = r.source AND dead_letter.id = r.id;
UPDATE dead_letter_end SET id = r.fresh FROM renumbered r
  WHERE dead_letter_end.source = r.source AND dead_letter_end.id = r.id;
DROP TABLE renumbered;
-- Of letters that are gone the end alone is left.
DELETE FROM dead_letter_end WHERE id LIKE 'sha256:%';
