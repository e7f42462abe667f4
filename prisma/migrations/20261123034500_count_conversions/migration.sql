-- A conversion is kept beside the first exposure that it follows. Both moments are journey time.
ALTER TABLE experiment_assignments
    ADD COLUMN version_id UUID,
    ADD COLUMN converted_at TIMESTAMPTZ;
