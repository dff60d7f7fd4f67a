CREATE TABLE own_schedule (
  org_id TEXT NOT NULL REFERENCES org (id),
  policy_id TEXT NOT NULL,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  run_id TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, policy_id),
  UNIQUE (org_id, idem_key));

CREATE INDEX own_schedule_by_agent ON own_schedule (org_id, agent_id, made_at);
