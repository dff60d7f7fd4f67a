ALTER TABLE run ADD COLUMN rerun_kind TEXT;

ALTER TABLE run ADD COLUMN rerun_of TEXT;

ALTER TABLE run ADD COLUMN rerun_from INTEGER;

ALTER TABLE step ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;

ALTER TABLE message ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;

ALTER TABLE run ADD COLUMN request_run TEXT;

CREATE INDEX run_of_request ON run (org_id, request_run) WHERE request_run IS NOT NULL;

CREATE INDEX outbox_of_run ON outbox (org_id, run_id, id);

CREATE INDEX artifact_of_run ON artifact (org_id, run_id, id);

CREATE INDEX outbox_by_state ON outbox (org_id, state);

CREATE INDEX run_by_agent ON run (org_id, agent_id, id);

CREATE INDEX run_by_state ON run (org_id, state, id);

ALTER TABLE conversation ADD COLUMN resource TEXT;

ALTER TABLE conversation ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;

UPDATE conversation SET
  last_at = COALESCE((SELECT MAX(e.received_at) FROM event e
    WHERE e.org_id = conversation.org_id AND e.conversation_key = conversation.conversation_key), created_at),
  resource = (SELECT MAX(e.resource) FROM event e
    WHERE e.org_id = conversation.org_id AND e.conversation_key = conversation.conversation_key);

CREATE INDEX conversation_by_activity ON conversation (org_id, last_at, conversation_key);

CREATE TABLE idempotency (
  org_id TEXT NOT NULL REFERENCES org (id),
  key_id TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  route TEXT NOT NULL,
  state TEXT NOT NULL,
  owner TEXT NOT NULL,
  status INTEGER,
  body TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, key_id, idem_key));

CREATE INDEX idempotency_by_age ON idempotency (created_at);
