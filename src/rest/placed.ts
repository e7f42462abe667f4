import { placesOf } from './json-text.ts';
import type { ProblemEntry } from './problem.ts';

/** An answer whose findings about a JSON text say line and column too: `errors` of a problem, `diagnostics` of an answer. Those that know their place keep it. */
export function placed<Body>(body: Body, text: string | null): Body {
  if (text === null || typeof body !== 'object' || body === null) return body;
  const lists = (['errors', 'diagnostics'] as const).flatMap((name) => {
    const entries = (body as Partial<Record<typeof name, ProblemEntry[]>>)[name];
    return Array.isArray(entries) && entries.some(({ line }) => line === null) ? [[name, entries] as const] : [];
  });
  if (lists.length === 0) return body;
  const places = placesOf(text, lists.flatMap(([, entries]) => entries.map(({ pointer }) => pointer)));
  return {
    ...body,
    ...Object.fromEntries(lists.map(([name, entries]) => [name, entries.map((entry) => (entry.line === null ? { ...entry, ...places.get(entry.pointer) } : entry))])),
  };
}
