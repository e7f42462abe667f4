import { z } from 'zod';
import { isContactField, longestField, readField, writeFields } from '../../contact-changes.ts';
import type { Contact, Data } from '../../state.ts';
import { renderValue } from '../../templates/render.ts';
import { decimal, toNumber } from '../../templates/to-number.ts';
import { isZone } from '../../time/calendar.ts';
import { fail, proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const field = z.string().refine((path) => isContactField(path) || /^custom_fields\.[A-Za-z_][A-Za-z0-9_-]{0,99}$/.test(path), {
  error: 'A field is first_name, last_name, email, phone, timezone or custom_fields.<name>.',
});

const config = z
  .strictObject({
    set: z.record(field, z.unknown()).default({}),
    unset: z.array(field).default([]),
    increment: z.record(field, z.union([z.number(), z.string()])).default({}),
  })
  .refine((c) => Object.keys(c.set).length + c.unset.length + Object.keys(c.increment).length > 0, { error: 'update_contact needs at least one of set, unset and increment.' });
type Config = z.output<typeof config>;

export const updateContact = defineStep<Config>({
  type: 'update_contact',
  group: 'action',
  summary: "Sets, clears or counts up the contact's fields.",
  icon: 'user-pen',
  config,
  results: ['changed'],
  enter: (step, { scene, scope }) => {
    const values = { ...(renderValue(step.config.set, scope) as Data), ...Object.fromEntries(step.config.unset.map((path) => [path, null])) };
    const counted = increments(renderValue(step.config.increment, scope) as Data, scene.contact);
    if (typeof counted === 'string') return fail(counted);
    const { contact, changes } = writeFields(scene.contact, { ...values, ...counted });
    const changed = Object.keys(changes).toSorted(); // the database keeps no order of keys
    const unfit = changed.map((path) => unfitOf(path, contact)).find((problem) => problem !== null);
    if (unfit) return fail(unfit);
    if (changed.length === 0) return proceed('next', { changed });
    return proceed('next', { changed }, { contact, events: [{ type: 'contact_updated', data: { changes, fields: changed } }] });
  },
});

/** What is wrong with a field as it would be written: the step fails then, not the write of everybody beside it. */
function unfitOf(path: string, contact: Contact): string | null {
  if (!isContactField(path)) return null;
  const text = contact[path] ?? '';
  if (text.length > longestField[path])
    return `The field "${path}" takes at most ${longestField[path]} characters and would get ${text.length}. Shorten the value, then retry the step.`;
  if (path === 'timezone' && text !== '' && !isZone(text))
    return `The field "timezone" takes an IANA zone such as Europe/Madrid and would get "${text}". Correct the value, then retry the step.`;
  return null;
}

/** The new value of each counted field, or what is wrong. A field that is not set counts from 0. */
function increments(by: Data, contact: Contact): Data | string {
  const counted: Data = {};
  for (const [path, given] of Object.entries(by)) {
    const held = readField(contact, path) ?? '';
    const [before, step] = [held === '' ? 0 : toNumber(held), toNumber(given)];
    const sum = before === null || step === null ? null : decimal(before + step);
    if (sum === null || !Number.isFinite(sum)) return `The field "${path}" cannot be counted: it holds no number, or is counted by none.`;
    counted[path] = sum;
  }
  return counted;
}
