import { isRecord } from './definition/definition.ts';

/** A value as JSON with its keys sorted: equal texts are equal values. The checksum of a version is the hash of its meaning in this form. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
