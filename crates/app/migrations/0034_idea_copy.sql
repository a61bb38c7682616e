-- An idea that a unit copied from another's: it is its own from then on, and says whose it was.
CREATE TABLE idea_copy (
  idea_id TEXT PRIMARY KEY REFERENCES idea (id),
  from_id TEXT NOT NULL REFERENCES idea (id)
);
CREATE INDEX idea_copy_from ON idea_copy (from_id);
