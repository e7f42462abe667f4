import type { Pool } from 'pg';
import type { RunCommit } from '../core/ports/hot-path.ts';

/** Of the commits that change their contact, the runs whose e-mail address belongs to another contact by now, with the address. */
export async function takenEmails(pool: Pool, commits: RunCommit[]): Promise<Map<string, string>> {
  const writers = commits.filter(({ transition }) => (transition.contact?.email ?? null) !== null);
  const values = [
    writers.map(({ loaded }) => loaded.run.id),
    writers.map(({ loaded }) => loaded.contact.id),
    writers.map(({ loaded }) => loaded.locationId),
    writers.map(({ transition }) => transition.contact!.email),
  ];
  const { rows } = await pool.query<{ id: string; email: string }>({ name: 'taken_emails', text: TAKEN, values });
  return new Map(rows.map(({ id, email }) => [id, email]));
}

const TAKEN = `SELECT x.id, x.email FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS x(id, contact_id, location_id, email)
  WHERE EXISTS (SELECT 1 FROM contacts c WHERE c.location_id = x.location_id AND lower(c.email) = lower(x.email)
    AND c.email IS NOT NULL AND c.deleted_at IS NULL AND c.id <> x.contact_id)`;
