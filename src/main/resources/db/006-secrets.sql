CREATE TABLE secret (
  org_id TEXT NOT NULL REFERENCES org (id),
  name TEXT NOT NULL,
  hosts TEXT NOT NULL,
  place TEXT NOT NULL,
  prefix TEXT NOT NULL,
  agents TEXT,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, name));

CREATE TABLE network_policy (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  preset TEXT NOT NULL,
  rules TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, agent_id));
