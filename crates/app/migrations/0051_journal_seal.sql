-- Each entry of the journal seals all before it: SHA-256 of the seal before and of the entry. NULL: written before there were
-- seals; the next entry seals those, too.
ALTER TABLE journal ADD COLUMN seal TEXT;
