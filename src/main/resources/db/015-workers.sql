ALTER TABLE run ADD COLUMN lineage TEXT;

ALTER TABLE run_input ADD COLUMN confidential INTEGER NOT NULL DEFAULT 0;

CREATE TABLE worker (
  org_id TEXT NOT NULL REFERENCES org (id),
  run_id TEXT PRIMARY KEY REFERENCES run (id),
  parent_run_id TEXT NOT NULL,
  step INTEGER NOT NULL,
  place INTEGER NOT NULL,
  root_run_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  parent_agent_id TEXT NOT NULL,
  name TEXT NOT NULL,
  task TEXT NOT NULL,
  background INTEGER NOT NULL,
  state TEXT NOT NULL,
  cause TEXT,
  summary TEXT,
  home TEXT,
  budget_id TEXT,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  UNIQUE (org_id, parent_run_id, step, place));

CREATE INDEX worker_active ON worker (org_id, run_id) WHERE state = 'active';

CREATE INDEX worker_by_root ON worker (org_id, root_run_id);

CREATE INDEX worker_by_parent_agent ON worker (org_id, parent_agent_id, run_id);

-- sqlite
CREATE TRIGGER worker_terminal BEFORE UPDATE OF state ON worker
WHEN OLD.state <> 'active' AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a worker that is over never changes its state'); END;

-- postgresql
CREATE TRIGGER worker_terminal BEFORE UPDATE OF state ON worker FOR EACH ROW
WHEN (OLD.state <> 'active' AND NEW.state <> OLD.state)
EXECUTE FUNCTION refuse_change('a worker that is over never changes its state');
