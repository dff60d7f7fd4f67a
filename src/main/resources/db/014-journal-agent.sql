ALTER TABLE journal ADD COLUMN agent_id TEXT;

-- postgresql
ALTER TABLE journal_waiting ADD COLUMN agent_id TEXT;
