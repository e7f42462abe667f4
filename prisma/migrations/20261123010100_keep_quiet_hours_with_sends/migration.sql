-- The quiet hours that a send's own workflow sets, so that the gate can look at the window once more; null: the location's hold.
ALTER TABLE sends ADD COLUMN quiet_hours JSONB;
