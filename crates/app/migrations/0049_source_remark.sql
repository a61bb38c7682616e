-- What happened on the way of a run that came to its end all the same, in a sentence: a worker was lost, the query was
-- asked again.
ALTER TABLE source_run_end ADD COLUMN remark TEXT;
