-- one row per schedule policy; every instant up to the watermark has a verdict
CREATE TABLE schedule (
  org_id TEXT NOT NULL REFERENCES org (id),
  policy_id TEXT PRIMARY KEY,
  look_at BIGINT,
  watermark BIGINT NOT NULL,
  reconciled_to BIGINT NOT NULL,
  since BIGINT NOT NULL,
  anchor BIGINT NOT NULL,
  counted_from BIGINT NOT NULL,
  failing INTEGER NOT NULL);

CREATE INDEX schedule_due ON schedule (look_at);

CREATE INDEX schedule_to_reconcile ON schedule (policy_id) WHERE reconciled_to < watermark;

-- the ledger: one row per instant, or per long stretch of instants with the same verdict
CREATE TABLE occurrence (
  org_id TEXT NOT NULL REFERENCES org (id),
  policy_id TEXT NOT NULL,
  nominal_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  count BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_hand INTEGER NOT NULL,
  fire_at BIGINT,
  event_id TEXT,
  result TEXT,
  result_reason TEXT,
  decided_at BIGINT NOT NULL,
  settled_at BIGINT,
  PRIMARY KEY (policy_id, nominal_at));

CREATE INDEX occurrence_open ON occurrence (policy_id, nominal_at) WHERE result IS NULL;

CREATE INDEX occurrence_to_fire ON occurrence (fire_at) WHERE fire_at IS NOT NULL;

CREATE INDEX occurrence_settled ON occurrence (policy_id, settled_at) WHERE settled_at IS NOT NULL;
