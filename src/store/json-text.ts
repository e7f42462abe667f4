/** What PostgreSQL cannot keep in text or jsonb: NUL, and halves of surrogate pairs. */
const UNKEEPABLE = /[\0\p{Surrogate}]/gu;
/** How `JSON.stringify` writes them. A backslash that was itself escaped also matches; that only costs a second look. */
const ESCAPED = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Text that PostgreSQL keeps: one NUL in one contact's name must not fail two hundred runs. */
export const keepableText = (text: string): string => (text.includes('\0') ? text.replace(UNKEEPABLE, '\uFFFD') : text);

/** JSON that a jsonb column takes, for any JSON value; `undefined` is null. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return json.includes('\\u') && ESCAPED.test(json) ? JSON.stringify(keepable(JSON.parse(json))) : json;
}

function keepable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNKEEPABLE, '\uFFFD');
  if (Array.isArray(value)) return value.map(keepable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replace(UNKEEPABLE, '\uFFFD'), keepable(inner)]));
}
