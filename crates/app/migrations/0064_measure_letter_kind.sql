-- Why an event was set aside, in a word: what is done with it is decided by that, and no longer by what its sentence says.
-- What is there gets its kind from that sentence, this once; 'other' is what no version since then would say so.
ALTER TABLE dead_letter ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';

UPDATE dead_letter SET kind = CASE
  WHEN why LIKE 'the event is % bytes long; at most % are taken' THEN 'too-large'
  WHEN why LIKE 'the event has no id; %' THEN 'no-id'
  WHEN why LIKE 'the event has no name; %' THEN 'no-name'
  WHEN why LIKE 'the event names nobody; %' THEN 'nobody'
  WHEN why LIKE 'the % is % characters long; shorten it to % at most' THEN 'too-long'
  WHEN why LIKE 'the % holds a NUL character; remove it' THEN 'unkeepable'
  WHEN why LIKE '`%` is not a time; write it like %' THEN 'not-a-time'
  WHEN why LIKE 'it happened % days before it arrived, by the sender%' THEN 'long-ago'
  WHEN why LIKE 'by the sender%s clock it happened before %; what is older %' THEN 'dropped'
  WHEN why LIKE 'there is no unit `%` here; %' THEN 'no-such-unit'
  WHEN why LIKE 'there is no change with the short name or the flag `%` here; %' THEN 'no-such-change'
  WHEN why LIKE '%; see %' THEN 'malformed'
  ELSE 'other' END;
