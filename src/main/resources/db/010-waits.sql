CREATE TABLE activation_wait (
  org_id TEXT NOT NULL REFERENCES org (id),
  event_id TEXT NOT NULL REFERENCES event (id),
  policy_id TEXT NOT NULL,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  conversation_key TEXT NOT NULL,
  ambient INTEGER NOT NULL,
  lines TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  asking INTEGER NOT NULL,
  decided INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, event_id, policy_id));

CREATE INDEX activation_wait_due ON activation_wait (due_at);

CREATE INDEX activation_wait_by_conversation ON activation_wait (org_id, conversation_key) WHERE decided = 0;

CREATE TABLE gate_claim (
  org_id TEXT NOT NULL REFERENCES org (id),
  conversation_key TEXT NOT NULL,
  event_id TEXT NOT NULL REFERENCES event (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  policy_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, conversation_key, event_id));
