CREATE TABLE checkpoint (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  files BIGINT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (org_id, id));

CREATE INDEX checkpoint_by_agent ON checkpoint (org_id, agent_id, id);

CREATE TABLE checkpoint_restore (
  org_id TEXT NOT NULL REFERENCES org (id),
  backup_id TEXT NOT NULL,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  checkpoint_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, backup_id));

CREATE TABLE todo_list (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  conversation_key TEXT NOT NULL,
  items TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, agent_id, conversation_key));

CREATE TABLE file_change (
  org_id TEXT NOT NULL REFERENCES org (id),
  idempotency_key TEXT NOT NULL,
  path TEXT NOT NULL,
  before_sha256 TEXT NOT NULL,
  after_sha256 TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, idempotency_key));

CREATE INDEX file_change_by_time ON file_change (org_id, at);
