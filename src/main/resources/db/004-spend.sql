CREATE TABLE price (
  org_id TEXT NOT NULL REFERENCES org (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  amounts TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, kind, name));

CREATE TABLE budget (
  org_id TEXT NOT NULL REFERENCES org (id),
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  subject TEXT NOT NULL,
  period TEXT NOT NULL,
  soft BIGINT,
  hard BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, scope, subject, period));

CREATE TABLE budget_window (
  org_id TEXT NOT NULL REFERENCES org (id),
  budget_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  spent BIGINT NOT NULL CHECK (spent >= 0),
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  exhausted_at BIGINT,
  PRIMARY KEY (org_id, budget_id, subject, starts_at));

CREATE TABLE budget_consent (
  org_id TEXT NOT NULL REFERENCES org (id),
  budget_id TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  root TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, budget_id, starts_at, root));

CREATE TABLE spend_entry (
  org_id TEXT NOT NULL REFERENCES org (id),
  subject TEXT NOT NULL,
  step INTEGER NOT NULL,
  part TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  contact TEXT,
  program TEXT,
  root_run_id TEXT,
  state TEXT NOT NULL,
  amounts TEXT NOT NULL,
  estimated INTEGER NOT NULL,
  asked_input BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  actual BIGINT NOT NULL,
  windows TEXT NOT NULL,
  at BIGINT NOT NULL,
  settled_at BIGINT,
  PRIMARY KEY (org_id, subject, step, part));

CREATE INDEX spend_entry_by_time ON spend_entry (org_id, at);

CREATE INDEX spend_entry_by_root ON spend_entry (org_id, root_run_id);
