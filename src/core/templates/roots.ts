import { factNames } from '../facts.ts';
import type { Data } from '../state.ts';
import { printInstant } from '../time/calendar.ts';
import type { Scope } from './scope.ts';

/** What a path may begin with, and how it is found. Closed: nothing else can be read. */
const roots: Record<string, (scope: Scope) => unknown> = {
  contact: (scope) => scope.contact,
  steps: (scope) => scope.steps,
  workflow: (scope) => scope.workflow,
  trigger: (scope) => scope.trigger,
  enrollment: (scope) => scope.enrollment,
  location: (scope) => scope.location,
  templates: (scope) => scope.assets.templates,
  voicemails: (scope) => scope.assets.voicemails,
  secrets: (scope) => scope.secrets,
  now: (scope) => scope.now,
  event: (scope) => scope.event,
};

export const rootNames: string[] = Object.keys(roots);

/** Paths that hold a moment as epoch ms; they are read as ISO-8601 text in the run's zone. */
const INSTANTS = new Set(['now', 'workflow.enrolled_at', 'contact.created_at', 'contact.updated_at', 'event.at']);
const UNREADABLE = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The value at a rooted path; undefined when there is none. Only own members of plain data are readable.
 * A moment that the engine holds (`now`, `contact.created_at` …) is ISO-8601 text in the scope's zone;
 * `templates.<slug>` and `voicemails.<slug>` are the slug itself when the asset exists.
 */
export function readPath(path: string[], scope: Scope): unknown {
  const root = path[0] ?? '';
  if (!Object.hasOwn(roots, root)) return undefined;
  let value = roots[root]!(scope);
  for (let i = 1; i < path.length; i += 1) value = member(value, path[i]!);
  if (typeof value === 'number' && path.length <= 2 && INSTANTS.has(path.join('.'))) return printInstant(value, scope.zone);
  if (path.length === 2 && (root === 'templates' || root === 'voicemails')) return value === undefined ? undefined : path[1];
  if (value === undefined && root === 'steps' && path.length === 3) return unreported(scope.steps[path[1]!], path[2]!);
  return typeof value === 'function' ? undefined : value;
}

/** What a message that was made has not come to yet is false, not missing: nobody has opened it. */
const unreported = (result: Data | undefined, name: string): false | undefined =>
  result !== undefined && ('message_id' in result || 'call_id' in result) && factNames.has(name) ? false : undefined;

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key) || UNREADABLE.has(key)) return undefined;
  if (Array.isArray(value) && !/^\d+$/.test(key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
