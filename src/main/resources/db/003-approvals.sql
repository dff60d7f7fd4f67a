CREATE TABLE approval (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES run (id),
  step INTEGER NOT NULL,
  agent_id TEXT NOT NULL REFERENCES agent (id),
  conversation_key TEXT NOT NULL,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  call_sha256 TEXT NOT NULL,
  rule TEXT,
  why TEXT NOT NULL,
  preview TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT,
  words TEXT,
  answered_by TEXT,
  created_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  finished_at BIGINT);

CREATE INDEX approval_pending ON approval (deadline) WHERE state = 'pending';

CREATE INDEX approval_by_run ON approval (org_id, run_id, step);

CREATE INDEX approval_by_org ON approval (org_id, id);

CREATE TABLE standing_approval (
  org_id TEXT NOT NULL REFERENCES org (id),
  agent_id TEXT NOT NULL REFERENCES agent (id),
  tool TEXT NOT NULL,
  call_sha256 TEXT NOT NULL,
  approval_id TEXT NOT NULL REFERENCES approval (id),
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, agent_id, call_sha256));

CREATE TABLE approval_desk (
  org_id TEXT PRIMARY KEY REFERENCES org (id),
  conversation_key TEXT NOT NULL,
  updated_at BIGINT NOT NULL);

ALTER TABLE outbox ADD COLUMN choices TEXT;

ALTER TABLE run ADD COLUMN attended INTEGER NOT NULL DEFAULT 1;

ALTER TABLE run ADD COLUMN contact TEXT;

ALTER TABLE run ADD COLUMN untrusted INTEGER NOT NULL DEFAULT 0;

ALTER TABLE run ADD COLUMN confidential INTEGER NOT NULL DEFAULT 0;

ALTER TABLE run_input ADD COLUMN source TEXT NOT NULL DEFAULT 'unknown';

ALTER TABLE run_input ADD COLUMN untrusted INTEGER NOT NULL DEFAULT 1;

ALTER TABLE message ADD COLUMN source TEXT NOT NULL DEFAULT 'unknown';

ALTER TABLE message ADD COLUMN untrusted INTEGER NOT NULL DEFAULT 0;

ALTER TABLE message ADD COLUMN confidential INTEGER NOT NULL DEFAULT 0;

CREATE INDEX run_by_parent ON run (org_id, parent_run_id) WHERE parent_run_id IS NOT NULL;

-- sqlite
CREATE TRIGGER approval_terminal BEFORE UPDATE OF state ON approval
WHEN OLD.state <> 'pending' AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'an approval that is decided never changes'); END;

-- postgresql
CREATE TRIGGER approval_terminal BEFORE UPDATE OF state ON approval FOR EACH ROW
WHEN (OLD.state <> 'pending' AND NEW.state <> OLD.state)
EXECUTE FUNCTION refuse_change('an approval that is decided never changes');
