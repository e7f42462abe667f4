import type { Route } from './route.ts';

/** The chapters of the reference, in the order in which people read them. The first whose `path` fits has the route. */
export const groups: { name: string; says: string; path: RegExp }[] = [
  {
    name: 'Workflows',
    says: 'Definitions and their lives: draft, active, paused, archived.',
    path: /^\/api\/(workflows|validate)(\/\{id\}|\/import)?(\/(publish|pause|resume|stop-entry|start-entry|export))?$/,
  },
  { name: 'Testing and numbers', says: 'What a workflow would do, does and did.', path: /^\/api\/workflows\/\{id\}\/(test|stats|events|refusals|explain)$/ },
  { name: 'Enrollments', says: "People inside: let them in, look at their steps, take them out, and act on one or on all that a filter finds.", path: /enroll/ },
  { name: 'Versions', says: 'What was published, what a publish would do, and the way back.', path: /\/(versions|publish-plan|rollback)/ },
  { name: 'Contacts and events', says: 'Who is written to, what they agreed to, and what they do.', path: /^\/api\/(contacts|events)/ },
  { name: 'Templates and voicemails', says: 'Texts and recordings that steps name by their slug.', path: /^\/api\/(templates|voicemails)/ },
  { name: 'Location', says: 'Calendar, defaults, secrets, the audit log, and the addresses that other systems post to.', path: /^\/api\/(location|secrets|audit)|\/webhook/ },
  { name: 'Reference', says: 'This description.', path: /^\/api\/(openapi\.json|docs)$/ },
];

/** The chapter of a route. Throws for a path that no chapter claims: a new kind of route needs a row here. */
export function groupOf({ path }: Pick<Route, 'path'>): string {
  const group = groups.find((one) => one.path.test(path));
  if (!group) throw new Error(`No group of the reference claims ${path}: add it to src/rest/route-groups.ts.`);
  return group.name;
}
