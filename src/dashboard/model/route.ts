/** A workflow to watch, what it came to, and what it says. */
export const views = ['live', 'numbers', 'definition'] as const;
export type View = (typeof views)[number];

/** What a page shows. Everything that somebody may want to send to a colleague is in its address. */
export type Route =
  | { screen: 'home'; search: string }
  | { screen: 'workflow'; slug: string; view: View; step: string | null }
  | { screen: 'enrollment'; id: string }
  | { screen: 'nowhere' };

export const home: Route = { screen: 'home', search: '' };

/** Reads an address: `/`, `/?q=lead`, `/w/<slug>?step=<id>`, `/w/<slug>?view=numbers`, `/e/<uuid>`. An address that is none of them is `nowhere`. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  const asked = new URLSearchParams(search);
  const [kind, name = '', ...more] = pathname.split('/').filter(Boolean).map(decoded);
  if (kind === undefined) return { screen: 'home', search: asked.get('q') ?? '' };
  if (more.length > 0 || name === '') return { screen: 'nowhere' };
  if (kind === 'w') return { screen: 'workflow', slug: name, view: views.find((view) => view === asked.get('view')) ?? 'live', step: asked.get('step') };
  return kind === 'e' ? { screen: 'enrollment', id: name } : { screen: 'nowhere' };
}

/** The address of a route; `routeOf` reads it back. */
export function addressOf(route: Route): string {
  if (route.screen === 'workflow') return `/w/${encodeURIComponent(route.slug)}${queryOf({ view: route.view === 'live' ? null : route.view, step: route.step })}`;
  if (route.screen === 'enrollment') return `/e/${encodeURIComponent(route.id)}`;
  return route.screen === 'home' ? `/${queryOf({ q: route.search || null })}` : '/';
}

function queryOf(asked: Record<string, string | null>): string {
  const query = new URLSearchParams(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== null)).toString();
  return query === '' ? '' : `?${query}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone percent sign, typed by hand
  }
}
