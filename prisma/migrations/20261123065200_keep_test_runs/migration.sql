-- What "testWorkflow" played, kept for a few days so that its events can be told. Nothing here is a run of a contact.
CREATE TABLE workflow_test_runs (
    id UUID PRIMARY KEY,
    location_id UUID NOT NULL,
    -- Null for a source that is stored nowhere.
    workflow_id UUID,
    mode VARCHAR(20) NOT NULL,
    report JSON NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX workflow_test_runs_age_idx ON workflow_test_runs USING brin (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_test_runs TO millrace_api, millrace_worker;
ALTER TABLE workflow_test_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow_test_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY one_location ON workflow_test_runs TO millrace_api
    USING (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid))
    WITH CHECK (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid));
CREATE POLICY every_location ON workflow_test_runs TO millrace_worker USING (true) WITH CHECK (true);
