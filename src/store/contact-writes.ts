import { jsonText } from './json-text.ts';
import { piece, type Piece } from './statement.ts';
import type { Writes, Written } from './writes.ts';

/** Writes the whole contact as a run left it, guarded by the contact's revision. `from` names the runs that may. */
export const contactWrites = (name: string, from: string): Piece<Writes> =>
  piece<Writes, Written>(
    name,
    {
      n: ['int', ({ n }) => n],
      id: ['uuid', ({ contactId }) => contactId],
      revision: ['int', ({ contactRevision }) => contactRevision],
      first_name: ['text', ({ transition }) => transition.contact?.first_name ?? null],
      last_name: ['text', ({ transition }) => transition.contact?.last_name ?? null],
      email: ['text', ({ transition }) => transition.contact?.email ?? null],
      phone: ['text', ({ transition }) => transition.contact?.phone ?? null],
      timezone: ['text', ({ transition }) => transition.contact?.timezone ?? null],
      tags: ['jsonb', ({ transition }) => jsonText(transition.contact?.tags)],
      custom_fields: ['jsonb', ({ transition }) => jsonText(transition.contact?.custom_fields)],
      consent: ['jsonb', ({ transition }) => jsonText(transition.contact?.consent)],
    },
    ({ runs }) => runs.filter(({ transition }) => transition.contact !== null),
    (input) => `UPDATE contacts c SET first_name = x.first_name, last_name = x.last_name, email = x.email, phone = x.phone, timezone = x.timezone,
        tags = ARRAY(SELECT jsonb_array_elements_text(x.tags)), custom_fields = x.custom_fields, consent = x.consent, revision = c.revision + 1, updated_at = now()
      FROM ${input} JOIN ${from} f ON f.n = x.n
      WHERE c.id = x.id AND c.revision = x.revision
      RETURNING x.n`,
  );
