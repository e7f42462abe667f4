-- Which trigger of the workflow refused, where a schedule asked: then a contact has one row, the newest. For all other rows the key is the way to a contact's.
ALTER TABLE enrollment_refusals ADD COLUMN place SMALLINT;
CREATE UNIQUE INDEX enrollment_refusals_contact_key ON enrollment_refusals (workflow_id, contact_id, place);
