-- Entries by time: schedules, date fields, and the walks over contacts that both take. All moments but leases are journey time.

-- One row for each workflow that takes entries; closing the door deletes it.
CREATE TABLE workflow_schedules (
    workflow_id UUID PRIMARY KEY,
    location_id UUID NOT NULL,
    version_id UUID NOT NULL,
    -- When the door was opened, or the version published: nothing older fires.
    opened_at TIMESTAMPTZ NOT NULL,
    -- Occurrences up to here are decided.
    decided_until TIMESTAMPTZ NOT NULL,
    -- When to look again; infinity for a workflow that no time starts.
    next_look_at TIMESTAMPTZ NOT NULL,
    revision INT NOT NULL DEFAULT 1
);
CREATE INDEX workflow_schedules_next_idx ON workflow_schedules (next_look_at);

-- A walk over a location's contacts, page by page: one row for each occurrence of a schedule, and for each planning of a date field.
CREATE TABLE contact_walks (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    purpose VARCHAR(20) NOT NULL CHECK (purpose IN ('schedule', 'date_field')),
    -- Which of the workflow's triggers, counted from 0.
    place SMALLINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'walking' CHECK (status IN ('walking', 'done', 'cancelled')),
    -- The last contact that was looked at.
    cursor UUID,
    looked INT NOT NULL DEFAULT 0,
    enrolled INT NOT NULL DEFAULT 0,
    filtered INT NOT NULL DEFAULT 0,
    turned_away INT NOT NULL DEFAULT 0,
    lease_until TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    ended_at TIMESTAMPTZ,
    UNIQUE (workflow_id, purpose, place, due_at)
);
CREATE INDEX contact_walks_walking_idx ON contact_walks (lease_until NULLS FIRST) WHERE status = 'walking';

-- The next occurrence of a date field for a contact. Without due_at there is none until the contact changes.
CREATE TABLE date_field_plans (
    workflow_id UUID NOT NULL,
    place SMALLINT NOT NULL,
    contact_id UUID NOT NULL,
    location_id UUID NOT NULL,
    due_at TIMESTAMPTZ,
    -- The day that it is about, and the last one that it fired for.
    occurrence DATE,
    fired_for DATE,
    -- The contact as it was planned from: an older view never replaces a newer one.
    contact_revision INT NOT NULL,
    PRIMARY KEY (workflow_id, place, contact_id)
);
CREATE INDEX date_field_plans_due_idx ON date_field_plans (due_at) WHERE due_at IS NOT NULL;

DO $$
DECLARE
    t TEXT;
BEGIN
    FOREACH t IN ARRAY ARRAY['workflow_schedules', 'contact_walks', 'date_field_plans']
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO millrace_api, millrace_worker', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY one_location ON %I TO millrace_api USING (location_id = (SELECT NULLIF(current_setting(''app.location_id'', true), '''')::uuid)) WITH CHECK (location_id = (SELECT NULLIF(current_setting(''app.location_id'', true), '''')::uuid))', t);
        EXECUTE format('CREATE POLICY every_location ON %I TO millrace_worker USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Doors that are open already.
SET LOCAL ROLE millrace_worker;
INSERT INTO workflow_schedules (workflow_id, location_id, version_id, opened_at, decided_until, next_look_at)
    SELECT id, location_id, published_version_id, journey_now(), journey_now(), journey_now()
    FROM workflows_v2 WHERE status = 'active' AND NOT entry_stopped AND published_version_id IS NOT NULL;
RESET ROLE;
