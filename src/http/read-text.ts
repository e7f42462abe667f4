import { MillraceError } from '../errors.ts';

const LARGEST = 65_536;

/** A hook's body as text, read no further than 64 KiB. Throws PAYLOAD_TOO_LARGE, or INVALID_INPUT for what is not UTF-8. */
export async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      throw new MillraceError('PAYLOAD_TOO_LARGE', 'The body is larger than the 64 KiB that a hook takes. Send less, or a link to it.');
    }
    chunks.push(value);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks, size));
  } catch {
    throw new MillraceError('INVALID_INPUT', 'The body is not UTF-8 text.');
  }
}

const DEEPEST = 50;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** A JSON object, no deeper than 50 levels, without keys that would change what an object inherits. Throws INVALID_INPUT. */
export function readJsonObject(text: string): Record<string, unknown> {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MillraceError(
    'INVALID_INPUT', 'The body must be a JSON object: {"email": "ana@example.com"}.',
  );
  refuse(value, 0);
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MillraceError('INVALID_INPUT', 'The body is not JSON.');
  }
}

function refuse(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= DEEPEST) throw new MillraceError('INVALID_INPUT', `The JSON is nested deeper than ${DEEPEST} levels.`);
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN.has(key)) throw new MillraceError('INVALID_INPUT', `The key "${key}" is not allowed in a body.`);
    refuse(item, depth + 1);
  }
}
