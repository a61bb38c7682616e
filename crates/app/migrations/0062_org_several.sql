-- Who ever belonged to more than one unit, by role: uptake asks for them at each view, and to find them among a million
-- roles takes most of a second. A row is a copy of its role, which never changes; whether the role ended is told as ever.
CREATE TABLE role_of_several (
  role_id TEXT PRIMARY KEY REFERENCES role (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  unit_id TEXT NOT NULL REFERENCES unit (id),
  given_at BIGINT NOT NULL
);
CREATE INDEX role_of_several_unit ON role_of_several (unit_id);

INSERT INTO role_of_several (role_id, person_id, unit_id, given_at)
SELECT r.id, r.person_id, r.unit_id, r.given_at FROM role r
WHERE r.unit_id IS NOT NULL AND r.person_id IN (SELECT o.person_id FROM role o WHERE o.unit_id IS NOT NULL
  GROUP BY o.person_id HAVING MIN(o.unit_id) <> MAX(o.unit_id));

-- How many belong to a unit is counted from the index alone.
CREATE INDEX role_unit_person ON role (unit_id, person_id, id);
DROP INDEX role_unit;
