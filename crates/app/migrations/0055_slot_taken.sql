-- Who decided over the unit's head that it has the slot no longer, by the name others read. NULL: its own unit or a rule that
-- stood before did, or it was before this was written down.
ALTER TABLE slot_event ADD COLUMN decided_by TEXT;
