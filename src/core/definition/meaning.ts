import { isRecord } from './definition.ts';

/** What a definition means, as canonical JSON: keys sorted, canvas positions and the file's version number left out. Two sources with the same text run the same; its hash is the checksum. */
export function meaningOf(raw: unknown): string {
  if (!isRecord(raw)) return JSON.stringify(sorted(raw));
  const { layout: _layout, version: _version, ...meaning } = raw;
  return JSON.stringify(sorted(meaning));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
