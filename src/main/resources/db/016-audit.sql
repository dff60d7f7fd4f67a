CREATE TABLE audit_head (
  org_id TEXT PRIMARY KEY REFERENCES org (id),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL);

CREATE TABLE audit (
  org_id TEXT NOT NULL REFERENCES org (id),
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (org_id, seq));

CREATE INDEX audit_by_subject ON audit (org_id, subject, seq);

CREATE INDEX audit_by_actor ON audit (org_id, actor_id, seq);

-- sqlite
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- sqlite
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- sqlite
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- sqlite
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- postgresql
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW
EXECUTE FUNCTION refuse_change('the audit log is append-only');

-- postgresql
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change('the audit log is append-only');

-- postgresql
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head FOR EACH ROW
WHEN (NEW.seq <= OLD.seq)
EXECUTE FUNCTION refuse_change('the audit log is append-only');

-- postgresql
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW
EXECUTE FUNCTION refuse_change('the audit log is append-only');

-- postgresql
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change('the audit log is append-only');

ALTER TABLE api_key ADD COLUMN scopes TEXT NOT NULL DEFAULT '';

ALTER TABLE api_key ADD COLUMN member_id TEXT;

CREATE INDEX api_key_by_member ON api_key (org_id, member_id) WHERE member_id IS NOT NULL;
