import type { Data } from '../state.ts';

/**
 * Secrets never enter a run: where `{{secrets.x}}` stands, a request carries a mark, and the delivery worker puts the value in
 * when the request leaves. A mark holds the run's own random id, so that no contact's data can be written to look like one.
 */

/** `text`: put in as it is. `json`: put in between the quotes of a JSON text. */
type Kind = 'text' | 'json';

const NAME = /\bsecrets\.([A-Za-z_][A-Za-z0-9_-]{0,99})/g;

/** What `secrets` holds while a request is rendered: a mark for every secret that the config mentions. */
export function secretMarks(config: unknown, runId: string, kind: Kind): Data {
  const names = [...(JSON.stringify(config) ?? '').matchAll(NAME)].map(([, name]) => name!);
  return Object.fromEntries(names.map((name) => [name, `⟦secrets.${name}:${kind}:${runId}⟧`]));
}

const marks = (runId: string): RegExp => new RegExp(`⟦secrets\\.([A-Za-z0-9_-]+):(text|json):${runId}⟧`, 'g');

/** The secrets whose marks stand in a text, each once. */
export const markedSecrets = (text: string, runId: string): string[] => [...new Set([...text.matchAll(marks(runId))].map(([, name]) => name!))];

/** A text with every mark replaced by its secret's value. */
export function fillSecrets(text: string, runId: string, valueOf: (name: string) => string): string {
  return text.replace(marks(runId), (_mark, name: string, kind: Kind) => (kind === 'json' ? JSON.stringify(valueOf(name)).slice(1, -1) : valueOf(name)));
}

/** Any value of JSON with the values of secrets taken out of its texts: a receiver may send back what it was sent. */
export function hideSecrets(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
  if (secrets.size === 0) return value;
  if (typeof value === 'string') return hideIn(value, secrets);
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [hideIn(key, secrets), hideSecrets(item, secrets)]));
}

function hideIn(text: string, secrets: ReadonlyMap<string, string>): string {
  let hidden = text;
  for (const [name, value] of secrets) {
    for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) hidden = hidden.replaceAll(form, `[secret ${name}]`);
  }
  return hidden;
}
