CREATE TABLE home_mark (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  run_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, agent_id));
