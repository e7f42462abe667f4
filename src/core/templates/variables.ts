import { nearest } from '../definition/nearest.ts';
import { channelNames } from '../state.ts';
import { rootNames } from './roots.ts';

/** What each root with a fixed shape holds. The others hold what a location, a trigger or a run put there. */
const MEMBERS: Record<string, string[]> = {
  contact: ['id', 'first_name', 'last_name', 'email', 'phone', 'timezone', 'tags', 'custom_fields', 'consent', 'created_at', 'updated_at', 'revision'],
  workflow: ['id', 'name', 'enrolled_at'],
  location: ['id', 'name', 'timezone', 'calendar', 'defaults'],
};

/** Roots that mean nothing without a name after them, with an example of one. */
const NAMED: Record<string, string> = { secrets: 'secrets.api_key', templates: 'templates.welcome', voicemails: 'voicemails.intro' };

/** What is wrong with a rooted path, whatever the run: an unknown root or member. Null when nothing is. */
export function checkVariable(path: string[]): { message: string; hint: string } | null {
  const [root = '', name, ...rest] = path;
  if (!rootNames.includes(root)) return { message: `"${path.join('.')}" begins with nothing that a template can read.`, hint: rootHint(root, path) };
  if (name === undefined) return NAMED[root] === undefined ? null : { message: `"${root}" alone is no value.`, hint: `Name something in it, such as ${NAMED[root]}.` };
  const members = MEMBERS[root];
  if (root === 'contact' && name === 'consent' && rest.length > 0) return checkChannel(rest);
  if (members === undefined || members.includes(name)) return null;
  return { message: `There is no "${name}" in ${root}.`, hint: memberHint(root, name, rest, members) };
}

function checkChannel([channel, ...rest]: string[]): ReturnType<typeof checkVariable> {
  if (channelNames.some((known) => known === channel)) return null;
  return { message: `There is no "${channel}" in contact.consent.`, hint: memberHint('contact.consent', channel!, rest, channelNames) };
}

/** A condition's field as a rooted path: `tags` → `['contact', 'tags']`. */
export function fieldPath(field: string): string[] {
  const path = field.split('.');
  return rootNames.includes(path[0]!) ? path : ['contact', ...path];
}

function rootHint(root: string, path: string[]): string {
  const close = MEMBERS['contact']!.includes(root) ? `contact.${root}` : nearest(root, rootNames);
  return close === null ? `A path begins with one of ${rootNames.join(', ')}.` : `Did you mean "${[close, ...path.slice(1)].join('.')}"?`;
}

function memberHint(root: string, name: string, rest: string[], members: readonly string[]): string {
  const close = nearest(name, members);
  if (close !== null) return `Did you mean "${[root, close, ...rest].join('.')}"?`;
  return root === 'contact' ? `A contact's own fields are under custom_fields: "contact.custom_fields.${name}".` : `It holds ${members.join(', ')}.`;
}
