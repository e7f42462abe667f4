-- A publish that takes the people inside along. Pages of runs are moved until the cursor is past the last one; a run whose effect is on its way is marked,
-- and moved when it stands between two steps.
CREATE TABLE workflow_migrations (
    id UUID PRIMARY KEY,
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version_id UUID NOT NULL,
    from_versions UUID[] NOT NULL,
    moves JSONB NOT NULL,
    step_map JSONB NOT NULL DEFAULT '{}',
    cursor UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    moved INT NOT NULL DEFAULT 0,
    ended INT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    finished_at TIMESTAMPTZ,
    cancelled_at TIMESTAMPTZ
);
CREATE INDEX workflow_migrations_workflow_idx ON workflow_migrations (workflow_id, id);
CREATE INDEX workflow_migrations_unfinished_idx ON workflow_migrations (id) WHERE finished_at IS NULL AND cancelled_at IS NULL;

ALTER TABLE workflow_migrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow_migrations FORCE ROW LEVEL SECURITY;
CREATE POLICY one_location ON workflow_migrations TO millrace_api USING (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid)) WITH CHECK (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid));
CREATE POLICY every_location ON workflow_migrations TO millrace_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_migrations TO millrace_api, millrace_worker;
