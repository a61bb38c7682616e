-- How firmly the kind of a verdict stands: no, somewhat or strongly doubted. Verdicts of before told their doubts in fixed words.
ALTER TABLE evidence ADD COLUMN doubted TEXT NOT NULL DEFAULT 'no';
UPDATE evidence SET doubted = 'somewhat' WHERE verdict_kind IN ('works', 'harms', 'no_worthwhile_effect')
  AND (verdict_says LIKE '%which is doubtful because they had parted%' OR verdict_says LIKE '%; starts made up earlier show%'
    OR verdict_says LIKE '%; a second method (%' OR verdict_says LIKE '%, and it breaks down once they part%');
UPDATE evidence SET doubted = 'strongly' WHERE doubted = 'somewhat'
  AND verdict_says LIKE '%which is doubtful because they had parted%' AND verdict_says LIKE '%; starts made up earlier show%'
  AND verdict_says LIKE '%; a second method (%';
