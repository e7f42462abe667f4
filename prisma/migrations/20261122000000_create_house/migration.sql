-- The house of shared tables. Deviations from the specification's four tables are listed in src/ARCHITECTURE.md.

-- Two clocks: machine time is now(); journey time is derived from this one row.
CREATE TABLE journey_clock (
    only_row BOOLEAN PRIMARY KEY DEFAULT true CHECK (only_row),
    real_epoch TIMESTAMPTZ NOT NULL,
    journey_epoch TIMESTAMPTZ NOT NULL,
    speed DOUBLE PRECISION NOT NULL CHECK (speed > 0)
);
INSERT INTO journey_clock VALUES (true, now(), now(), 1);

CREATE FUNCTION journey_now() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS
$$ SELECT journey_epoch + (clock_timestamp() - real_epoch) * speed FROM journey_clock $$;

CREATE TABLE locations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    timezone VARCHAR(64) NOT NULL DEFAULT 'UTC',
    calendar JSONB NOT NULL DEFAULT '{}',
    defaults JSONB NOT NULL DEFAULT '{}',
    assets_revision INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    name VARCHAR(255) NOT NULL,
    prefix VARCHAR(16) NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    scopes TEXT[] NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE contacts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    first_name VARCHAR(255),
    last_name VARCHAR(255),
    email VARCHAR(320),
    phone VARCHAR(32),
    timezone VARCHAR(64),
    tags TEXT[] NOT NULL DEFAULT '{}',
    custom_fields JSONB NOT NULL DEFAULT '{}',
    consent JSONB NOT NULL DEFAULT '{}',
    revision INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    deleted_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX contacts_email_key ON contacts (location_id, lower(email)) WHERE email IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX contacts_phone_idx ON contacts (location_id, phone) WHERE phone IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX contacts_location_idx ON contacts (location_id, id);

CREATE TABLE templates (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    slug VARCHAR(100) NOT NULL,
    channel VARCHAR(10) NOT NULL CHECK (channel IN ('email', 'sms')),
    name VARCHAR(255) NOT NULL,
    subject TEXT,
    html TEXT,
    text TEXT,
    message TEXT,
    revision INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (location_id, slug)
);

CREATE TABLE voicemails (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    slug VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    audio_url TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (location_id, slug)
);

CREATE TABLE secrets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    name VARCHAR(100) NOT NULL,
    cipher BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (location_id, name)
);

CREATE TABLE workflows_v2 (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL REFERENCES locations(id),
    slug VARCHAR(120) NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    status VARCHAR(20) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'paused', 'archived')),
    entry_stopped BOOLEAN NOT NULL DEFAULT false,
    trigger_type VARCHAR(50) NOT NULL,
    trigger_config JSONB NOT NULL,
    definition JSONB NOT NULL,
    yaml_source TEXT,
    version INT NOT NULL DEFAULT 1,
    revision INT NOT NULL DEFAULT 1,
    published_version_id UUID,
    stats JSONB NOT NULL DEFAULT '{"enrolled": 0, "completed": 0, "active": 0}',
    paused_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    published_at TIMESTAMPTZ,
    UNIQUE (location_id, slug)
);
CREATE INDEX workflows_v2_location_idx ON workflows_v2 (location_id, id);

-- A draft is the one row of a workflow without published_at; published rows are immutable.
CREATE TABLE workflow_versions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL REFERENCES workflows_v2(id),
    number INT NOT NULL,
    format VARCHAR(10) NOT NULL CHECK (format IN ('yaml', 'json')),
    source TEXT NOT NULL,
    definition JSONB NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    listens TEXT[] NOT NULL DEFAULT '{}',
    author VARCHAR(255),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    published_at TIMESTAMPTZ,
    UNIQUE (workflow_id, number)
);
CREATE FUNCTION keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of workflow % is published and cannot change', OLD.number, OLD.workflow_id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_published_version BEFORE UPDATE OR DELETE ON workflow_versions
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION keep_published_version();

-- Once per (contact, workflow, key) at a time: a new occurrence is inserted only after the last one ended, and this key makes racing inserts meet.
CREATE TABLE workflow_enrollments (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    entry_key TEXT NOT NULL DEFAULT '',
    occurrence INT NOT NULL DEFAULT 1,
    status VARCHAR(20) NOT NULL DEFAULT 'active',
    current_step VARCHAR(100),
    step_data JSONB NOT NULL DEFAULT '{}',
    position JSONB NOT NULL DEFAULT '{}',
    trigger_data JSONB NOT NULL DEFAULT '{}',
    depth SMALLINT NOT NULL DEFAULT 0,
    revision INT NOT NULL DEFAULT 1,
    enrolled_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    completed_at TIMESTAMPTZ,
    next_run_at TIMESTAMPTZ,
    exit_reason TEXT
-- A row grows threefold between its first step and its last: with room on its page no index is written.
) WITH (fillfactor = 40);
CREATE UNIQUE INDEX workflow_enrollments_once_key ON workflow_enrollments (contact_id, workflow_id, entry_key, occurrence);
CREATE INDEX workflow_enrollments_workflow_idx ON workflow_enrollments (workflow_id, id);

CREATE TABLE workflow_step_logs (
    enrollment_id UUID NOT NULL,
    seq INT NOT NULL,
    location_id UUID NOT NULL,
    step_id VARCHAR(100) NOT NULL,
    step_type VARCHAR(50) NOT NULL,
    visit SMALLINT NOT NULL DEFAULT 1,
    attempt SMALLINT NOT NULL DEFAULT 1,
    status VARCHAR(20) NOT NULL,
    input_data JSONB,
    output_data JSONB,
    decision JSONB,
    error TEXT,
    outcome VARCHAR(100),
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    completed_at TIMESTAMPTZ,
    started_rev INT NOT NULL,
    ended_rev INT,
    PRIMARY KEY (enrollment_id, seq)
) WITH (fillfactor = 80);

-- The mailbox: whatever wakes a run is a row here first. The commit that consumed a row deletes it.
CREATE TABLE workflow_scheduled_actions (
    enrollment_id UUID NOT NULL,
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    step_id VARCHAR(100) NOT NULL DEFAULT '',
    visit SMALLINT NOT NULL DEFAULT 0,
    kind VARCHAR(10) NOT NULL,
    payload JSONB NOT NULL DEFAULT '{}',
    scheduled_for TIMESTAMPTZ NOT NULL,
    relative BOOLEAN NOT NULL DEFAULT false,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (enrollment_id, id)
);
CREATE INDEX idx_scheduled_pending ON workflow_scheduled_actions (scheduled_for) WHERE status = 'pending' AND kind = 'timer';
CREATE INDEX idx_mailbox_pending ON workflow_scheduled_actions (created_at) WHERE status = 'pending' AND kind <> 'timer';

-- The ledger of everything that leaves the house: one row per (enrollment, step, visit), for ever.
CREATE TABLE sends (
    id UUID PRIMARY KEY,
    location_id UUID NOT NULL,
    enrollment_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    step_id VARCHAR(100) NOT NULL,
    visit SMALLINT NOT NULL,
    seq INT NOT NULL,
    channel VARCHAR(10) NOT NULL,
    status VARCHAR(10) NOT NULL DEFAULT 'pending',
    request JSONB NOT NULL,
    provider VARCHAR(50),
    provider_id TEXT,
    attempt SMALLINT NOT NULL DEFAULT 0,
    max_attempts SMALLINT NOT NULL DEFAULT 5,
    backoff_ms INT NOT NULL DEFAULT 1000,
    unknown_before BOOLEAN NOT NULL DEFAULT false,
    first_attempt_at TIMESTAMPTZ,
    next_attempt_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    lease_until TIMESTAMPTZ,
    result JSONB,
    error TEXT,
    facts JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    ended_at TIMESTAMPTZ
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX sends_step_key ON sends (enrollment_id, step_id, visit);
-- Not by status: a claim changes that, and would have to write every index of the row.
CREATE INDEX sends_unfinished_idx ON sends (next_attempt_at) WHERE ended_at IS NULL;

-- The outbox of everything that happens to a contact, and its history.
CREATE TABLE contact_events (
    id UUID PRIMARY KEY,
    location_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    type VARCHAR(50) NOT NULL,
    source VARCHAR(50) NOT NULL,
    event_key TEXT NOT NULL,
    data JSONB NOT NULL DEFAULT '{}',
    depth SMALLINT NOT NULL DEFAULT 0,
    occurred_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    dispatched_at TIMESTAMPTZ,
    UNIQUE (location_id, source, event_key)
);
CREATE INDEX contact_events_undispatched_idx ON contact_events (id) WHERE dispatched_at IS NULL;
CREATE INDEX contact_events_history_idx ON contact_events (contact_id, type, occurred_at);

CREATE TABLE experiment_assignments (
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    experiment VARCHAR(100) NOT NULL,
    contact_id UUID NOT NULL,
    variant VARCHAR(100) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (workflow_id, experiment, contact_id)
);

CREATE TABLE enrollment_refusals (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    event_id UUID,
    reason TEXT NOT NULL,
    detail JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX enrollment_refusals_workflow_idx ON enrollment_refusals (workflow_id, created_at);

-- Stats: commits append deltas, a sweeper rolls them into totals; a read adds the two.
CREATE TABLE workflow_stat_deltas (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    step_id VARCHAR(100) NOT NULL DEFAULT '',
    outcome VARCHAR(100) NOT NULL DEFAULT '',
    n INT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE workflow_stat_totals (
    location_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version_id UUID NOT NULL,
    day DATE NOT NULL,
    kind VARCHAR(20) NOT NULL,
    step_id VARCHAR(100) NOT NULL DEFAULT '',
    outcome VARCHAR(100) NOT NULL DEFAULT '',
    n BIGINT NOT NULL,
    PRIMARY KEY (workflow_id, version_id, day, kind, step_id, outcome)
);

CREATE TABLE idempotency_keys (
    location_id UUID NOT NULL,
    key VARCHAR(255) NOT NULL,
    route VARCHAR(255) NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    status INT,
    response JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (location_id, route, key)
);

CREATE TABLE audit_log (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    location_id UUID NOT NULL,
    actor VARCHAR(255) NOT NULL,
    action VARCHAR(100) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    detail JSONB NOT NULL DEFAULT '{}',
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_location_idx ON audit_log (location_id, at);

-- Bumped with every publish, pause, resume and archive, in the same transaction.
CREATE TABLE workflow_registry (
    only_row BOOLEAN PRIMARY KEY DEFAULT true CHECK (only_row),
    revision BIGINT NOT NULL DEFAULT 1
);
INSERT INTO workflow_registry DEFAULT VALUES;

CREATE TABLE worker_heartbeats (
    name VARCHAR(50) NOT NULL,
    pid INT NOT NULL,
    host VARCHAR(255) NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (name, host, pid)
);

-- Roles: nobody owns, nobody bypasses. The API's role sees one location, set inside each transaction; the workers' role crosses locations.
DO $$ BEGIN CREATE ROLE millrace_api NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE millrace_worker NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN
    EXECUTE format('GRANT millrace_api TO %I', current_user);
    EXECUTE format('GRANT millrace_worker TO %I', current_user);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO millrace_api, millrace_worker', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO millrace_api, millrace_worker', current_schema());
    EXECUTE format('GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA %I TO millrace_api, millrace_worker', current_schema());
END $$;
REVOKE INSERT, UPDATE, DELETE ON journey_clock FROM millrace_api;
REVOKE UPDATE, DELETE ON audit_log FROM millrace_api, millrace_worker;

DO $$
DECLARE
    t TEXT;
BEGIN
    FOREACH t IN ARRAY ARRAY['api_keys', 'contacts', 'templates', 'voicemails', 'secrets', 'workflows_v2', 'workflow_versions', 'workflow_enrollments',
        'workflow_step_logs', 'workflow_scheduled_actions', 'sends', 'contact_events', 'experiment_assignments', 'enrollment_refusals',
        'workflow_stat_deltas', 'workflow_stat_totals', 'idempotency_keys', 'audit_log']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY one_location ON %I TO millrace_api USING (location_id = (SELECT NULLIF(current_setting(''app.location_id'', true), '''')::uuid)) WITH CHECK (location_id = (SELECT NULLIF(current_setting(''app.location_id'', true), '''')::uuid))', t);
        EXECUTE format('CREATE POLICY every_location ON %I TO millrace_worker USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE locations FORCE ROW LEVEL SECURITY;
CREATE POLICY one_location ON locations TO millrace_api USING (id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid)) WITH CHECK (id = (SELECT NULLIF(current_setting('app.location_id', true), '')::uuid));
CREATE POLICY every_location ON locations TO millrace_worker USING (true) WITH CHECK (true);

-- Look-ups before the location is known. They run as the workers' role, and give no more than asked.
CREATE FUNCTION find_api_key(key_hash BYTEA) RETURNS TABLE (id UUID, location_id UUID, name VARCHAR, scopes TEXT[], expires_at TIMESTAMPTZ)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS
$$ SELECT k.id, k.location_id, k.name, k.scopes, k.expires_at FROM api_keys k WHERE k.hash = key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) $$;
CREATE FUNCTION find_send_location(send_id UUID) RETURNS UUID
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS
$$ SELECT s.location_id FROM sends s WHERE s.id = send_id $$;
DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO millrace_worker', current_schema());
    ALTER FUNCTION find_api_key(BYTEA) OWNER TO millrace_worker;
    ALTER FUNCTION find_send_location(UUID) OWNER TO millrace_worker;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM millrace_worker', current_schema());
END $$;
REVOKE ALL ON FUNCTION find_api_key(BYTEA), find_send_location(UUID) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(BYTEA), find_send_location(UUID) TO millrace_api, millrace_worker;
