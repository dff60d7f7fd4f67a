CREATE TABLE sandbox_user (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT PRIMARY KEY,
  uid BIGINT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL);

CREATE TABLE background_task (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  command TEXT NOT NULL,
  state TEXT NOT NULL,
  instance TEXT NOT NULL,
  exit_code INTEGER,
  detail TEXT,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  UNIQUE (org_id, run_id, seq));

CREATE INDEX background_task_by_agent ON background_task (org_id, agent_id, started_at);

ALTER TABLE run ADD COLUMN attestation TEXT;
