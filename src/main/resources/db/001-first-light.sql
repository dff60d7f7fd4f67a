CREATE TABLE org (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  model TEXT,
  created_at BIGINT NOT NULL);

CREATE TABLE member (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (org_id, email));

CREATE TABLE api_key (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT);

CREATE INDEX api_key_by_org ON api_key (org_id, created_at);

CREATE INDEX api_key_by_prefix ON api_key (prefix);

CREATE TABLE setup_link (
  org_id TEXT NOT NULL REFERENCES org (id),
  hash TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT);

CREATE TABLE agent (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  instructions TEXT NOT NULL,
  model TEXT,
  enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, handle));

CREATE TABLE integration (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  name TEXT NOT NULL,
  config TEXT NOT NULL,
  sealed TEXT NOT NULL,
  agents TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (org_id, name));

CREATE TABLE integration_cursor (
  org_id TEXT NOT NULL REFERENCES org (id),
  integration_id TEXT PRIMARY KEY REFERENCES integration (id),
  position BIGINT NOT NULL,
  updated_at BIGINT NOT NULL);

CREATE TABLE conversation (
  org_id TEXT NOT NULL REFERENCES org (id),
  conversation_key TEXT NOT NULL,
  integration_id TEXT,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  direct INTEGER NOT NULL,
  cleared_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, conversation_key));

CREATE TABLE event (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  type TEXT NOT NULL,
  integration_id TEXT,
  resource TEXT,
  conversation_key TEXT NOT NULL,
  target_agent TEXT,
  actor TEXT NOT NULL,
  content TEXT NOT NULL,
  payload TEXT NOT NULL,
  trust TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  dispatch TEXT NOT NULL,
  dispatch_attempts INTEGER NOT NULL,
  dispatch_at BIGINT NOT NULL,
  dispatch_error TEXT,
  UNIQUE (org_id, source, dedupe_key));

CREATE INDEX event_pending ON event (dispatch_at, id) WHERE dispatch = 'pending';

CREATE INDEX event_dead ON event (org_id) WHERE dispatch = 'dead';

CREATE INDEX event_waiting ON event (org_id, conversation_key, id) WHERE dispatch = 'pending';

CREATE INDEX event_by_conversation ON event (org_id, conversation_key, id);

CREATE TABLE ingress (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  decision TEXT NOT NULL,
  code TEXT NOT NULL,
  why TEXT NOT NULL,
  event_id TEXT,
  body_sha256 TEXT,
  headers TEXT,
  at BIGINT NOT NULL);

CREATE TABLE activation_policy (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  name TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  paused_until BIGINT,
  pause_reason TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (org_id, agent_id, name));

CREATE TABLE activation (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  event_id TEXT NOT NULL REFERENCES event (id),
  policy_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  why TEXT NOT NULL,
  run_id TEXT,
  merged_into TEXT,
  decided_at BIGINT NOT NULL,
  UNIQUE (event_id, policy_id));

CREATE INDEX activation_woke ON activation (policy_id, decided_at) WHERE decision = 'woke';

CREATE TABLE run (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  activation_id TEXT NOT NULL,
  conversation_key TEXT NOT NULL,
  parent_run_id TEXT,
  root_run_id TEXT NOT NULL,
  depth INTEGER NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  wait_reason TEXT,
  fence BIGINT NOT NULL,
  lease_owner TEXT,
  lease_until BIGINT,
  wake_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  cancel_requested INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  model TEXT,
  failure_reason TEXT,
  outcome TEXT,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT);

CREATE INDEX run_open ON run (org_id, id) WHERE state IN ('queued', 'running', 'waiting_permission');

CREATE UNIQUE INDEX run_one_active ON run (org_id, agent_id, conversation_key)
  WHERE state IN ('running', 'waiting_permission');

CREATE INDEX run_queued ON run (org_id, agent_id, conversation_key, id) WHERE state = 'queued';

CREATE INDEX run_by_conversation ON run (org_id, conversation_key, agent_id, id);

CREATE TABLE run_input (
  org_id TEXT NOT NULL REFERENCES org (id),
  run_id TEXT NOT NULL REFERENCES run (id),
  seq INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  content TEXT NOT NULL,
  taken_at BIGINT,
  PRIMARY KEY (run_id, seq),
  UNIQUE (run_id, event_id));

CREATE TABLE step (
  org_id TEXT NOT NULL REFERENCES org (id),
  run_id TEXT NOT NULL REFERENCES run (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  call_id TEXT,
  effect_class TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  request TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  verdict TEXT,
  response TEXT,
  failed INTEGER NOT NULL,
  detail TEXT,
  attempts INTEGER NOT NULL,
  token_usage TEXT,
  fence BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  PRIMARY KEY (run_id, seq));

CREATE TABLE message (
  org_id TEXT NOT NULL REFERENCES org (id),
  run_id TEXT NOT NULL REFERENCES run (id),
  seq INTEGER NOT NULL,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (run_id, seq));

CREATE TABLE blob (
  org_id TEXT NOT NULL REFERENCES org (id),
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  body ${blob} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, sha256));

CREATE TABLE artifact (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  run_id TEXT,
  event_id TEXT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT,
  remote_id TEXT,
  created_at BIGINT NOT NULL);

CREATE INDEX artifact_by_run ON artifact (org_id, run_id);

CREATE INDEX artifact_by_event ON artifact (org_id, event_id);

CREATE TABLE outbox (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  conversation_key TEXT NOT NULL,
  integration_id TEXT,
  run_id TEXT,
  agent_id TEXT,
  idem_key TEXT NOT NULL,
  address TEXT NOT NULL,
  reply_to TEXT,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  fence BIGINT NOT NULL,
  lease_owner TEXT,
  lease_until BIGINT,
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  remote_id TEXT,
  error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  UNIQUE (org_id, idem_key));

CREATE INDEX outbox_open ON outbox (org_id, conversation_key, id) WHERE state IN ('pending', 'sending');

CREATE INDEX outbox_by_conversation ON outbox (org_id, conversation_key, id);

CREATE INDEX outbox_by_run ON outbox (org_id, run_id);

CREATE TABLE tool (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  schema TEXT NOT NULL,
  config TEXT NOT NULL,
  sealed TEXT NOT NULL,
  effect_class TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (org_id, name));

CREATE TABLE tool_grant (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  tool TEXT NOT NULL,
  verdict TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, agent_id, tool));

CREATE TABLE journal_head (
  org_id TEXT PRIMARY KEY REFERENCES org (id),
  seq BIGINT NOT NULL);

CREATE TABLE journal (
  org_id TEXT NOT NULL REFERENCES org (id),
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  conversation_key TEXT,
  data TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, seq));

CREATE INDEX journal_by_subject ON journal (org_id, subject, seq);

-- postgresql
CREATE TABLE journal_waiting (
  org_id TEXT NOT NULL REFERENCES org (id),
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  conversation_key TEXT,
  data TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id))
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  until BIGINT NOT NULL);

-- sqlite
CREATE TRIGGER run_terminal BEFORE UPDATE OF state ON run
WHEN OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a run that is over never changes its state'); END;

-- sqlite
CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- sqlite
CREATE TRIGGER step_terminal BEFORE UPDATE OF state ON step
WHEN OLD.state IN ('done', 'failed', 'skipped') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a step that is over never changes its state'); END;

-- postgresql
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;

-- postgresql
CREATE TRIGGER run_terminal BEFORE UPDATE OF state ON run FOR EACH ROW
WHEN (OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state)
EXECUTE FUNCTION refuse_change('a run that is over never changes its state');

-- postgresql
CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal FOR EACH ROW
EXECUTE FUNCTION refuse_change('the journal is append-only');

-- postgresql
CREATE TRIGGER step_terminal BEFORE UPDATE OF state ON step FOR EACH ROW
WHEN (OLD.state IN ('done', 'failed', 'skipped') AND NEW.state <> OLD.state)
EXECUTE FUNCTION refuse_change('a step that is over never changes its state');
