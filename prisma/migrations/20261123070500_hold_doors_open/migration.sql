-- True when a workflow's messages may leave, and then so until the caller's transaction ends: whoever closes the door waits for it (`withholdSends`).
-- The lock comes first, and the look, in a volatile function, sees what was committed until then, not until the caller's statement began.
CREATE FUNCTION hold_door_open(workflow UUID) RETURNS BOOLEAN LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(workflow::text, 0));
  RETURN COALESCE((SELECT status = 'active' FROM workflows_v2 WHERE id = workflow), false);
END $$;
