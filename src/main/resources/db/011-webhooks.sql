CREATE TABLE webhook (
  org_id TEXT NOT NULL REFERENCES org (id),
  policy_id TEXT PRIMARY KEY REFERENCES activation_policy (id),
  token_sha256 TEXT,
  sealed TEXT,
  created_at BIGINT NOT NULL,
  rotated_at BIGINT NOT NULL);

CREATE INDEX ingress_webhook ON ingress (source, id) WHERE substr(source, 1, 8) = 'webhook:';

CREATE INDEX activation_agent ON activation (agent_id, id);
