CREATE TABLE policy_rule (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  agent_id TEXT REFERENCES agent (id),
  rule TEXT NOT NULL,
  verdict TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL);

CREATE UNIQUE INDEX policy_rule_once ON policy_rule (org_id, COALESCE(agent_id, ''), rule);

-- sqlite
INSERT INTO policy_rule (org_id, id, agent_id, rule, verdict, created_by, created_at)
SELECT org_id, 'rul_' || lower(hex(randomblob(16))), agent_id, tool, verdict, 'migration', created_at
FROM tool_grant;

-- postgresql
INSERT INTO policy_rule (org_id, id, agent_id, rule, verdict, created_by, created_at)
SELECT org_id, 'rul_' || replace(gen_random_uuid()::text, '-', ''), agent_id, tool, verdict,
  'migration', created_at
FROM tool_grant;

DROP TABLE tool_grant;
