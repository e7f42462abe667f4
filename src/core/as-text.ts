/** Any JSON value as a person would write it: text as it is, nothing for null, lists and objects as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}
