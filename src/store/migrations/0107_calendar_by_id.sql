-- A clock runs by its calendar as a whole, each version from when it counts: which version was the newest when a policy
-- was kept or a ticket came says nothing.
ALTER TABLE ticket_detail DROP COLUMN calendar_version;

UPDATE sla_policy SET current = json_set(current, '$.targets', (
  SELECT json_group_array(json(iif(json_extract(value, '$.calendar') IS NULL, value, json_set(
    value, '$.calendar', substr(json_extract(value, '$.calendar'), 1, instr(json_extract(value, '$.calendar') || '/', '/') - 1)))))
  FROM json_each(current, '$.targets')));
UPDATE sla_policy_version SET body = json_set(body, '$.targets', (
  SELECT json_group_array(json(iif(json_extract(value, '$.calendar') IS NULL, value, json_set(
    value, '$.calendar', substr(json_extract(value, '$.calendar'), 1, instr(json_extract(value, '$.calendar') || '/', '/') - 1)))))
  FROM json_each(body, '$.targets')));
