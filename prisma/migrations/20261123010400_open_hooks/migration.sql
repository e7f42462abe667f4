-- A workflow's own address: `generation` is part of its token, so a new one makes the old address void. `cipher` is the sealed signing secret, if any.
-- A workflow without a row has generation 1 and no secret.
CREATE TABLE workflow_hooks (
    workflow_id UUID PRIMARY KEY REFERENCES workflows_v2(id),
    location_id UUID NOT NULL,
    generation INT NOT NULL DEFAULT 1,
    cipher BYTEA,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
ALTER TABLE workflow_hooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow_hooks FORCE ROW LEVEL SECURITY;
CREATE POLICY one_location ON workflow_hooks TO millrace_api
    USING (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid))
    WITH CHECK (location_id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid));
CREATE POLICY every_location ON workflow_hooks TO millrace_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_hooks TO millrace_api, millrace_worker;

-- Twilio's own ids, for reports that do not bring ours back. Sends of the outbox and of SMTP are left out.
CREATE INDEX sends_provider_idx ON sends (provider_id) WHERE provider = 'twilio';

-- Refusals are kept for a while: the oldest are found without reading the table.
CREATE INDEX enrollment_refusals_age_idx ON enrollment_refusals USING brin (created_at);
