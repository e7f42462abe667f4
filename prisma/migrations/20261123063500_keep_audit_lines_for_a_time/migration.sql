-- The audit log may be thinned by age, by the workers alone, and what is younger than 30 days by nobody.
GRANT DELETE ON audit_log TO millrace_worker;
CREATE POLICY old_lines_alone ON audit_log AS RESTRICTIVE FOR DELETE TO millrace_worker USING (at < now() - interval '30 days');

-- Lines come in the order of their moments: a few bytes a page of them find what is old.
CREATE INDEX audit_log_at_idx ON audit_log USING brin (at);
