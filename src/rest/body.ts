import { MillraceError } from '../errors.ts';
import { placeAt, repeatedKey } from './json-text.ts';
import { ProtocolError } from './problem.ts';

/** The most that any body may have: a definition's own limit, 1 MiB. */
const BODY_LIMIT = 1024 * 1024;
const MAX_DEPTH = 100;

const JSON_TYPES = ['application/json'];
const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/** A body as it came. `yaml` stays text: only the definition's reader may parse it. A definition as JSON keeps its text, for the places of findings. */
export type Body = { format: 'json'; value: unknown; text?: string } | { format: 'yaml'; text: string } | { format: 'none' };

/**
 * Reads a body of one of the kinds that a route takes.
 * @throws ProtocolError 415 for another media type or a compressed body; MillraceError `PAYLOAD_TOO_LARGE` over 1 MiB,
 *   `INVALID_INPUT` with line and column for JSON that is none, is nested deeper than 100, has a key twice or is not UTF-8.
 */
export async function readBody(request: Request, takes: 'json' | 'definition'): Promise<{ body: Body; bytes: Uint8Array }> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > BODY_LIMIT) throw tooLarge();
  const bytes = await readBytes(request);
  if (bytes.length === 0) return { body: { format: 'none' }, bytes };
  const format = formatOf(request, takes);
  const text = decode(bytes);
  if (format === 'yaml') return { body: { format, text }, bytes };
  const value = parseJson(text);
  if (takes === 'definition') return { body: { format, value, text }, bytes };
  refuseHarmful(value, []);
  return { body: { format, value }, bytes };
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, size);
    size += value.length;
    if (size > BODY_LIMIT) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
}

function tooLarge(): MillraceError {
  const hint = 'Split the workflow in two, or move long texts into templates.';
  const fault = { path: [], message: `The body is larger than ${BODY_LIMIT} bytes (1 MiB).`, line: 1, column: 1, rule: 'too_large', hint };
  return new MillraceError('PAYLOAD_TOO_LARGE', `The body is larger than the 1 MiB that is taken. ${hint}`, { faults: [fault] });
}

function formatOf(request: Request, takes: 'json' | 'definition'): 'json' | 'yaml' {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  const accepted = takes === 'definition' ? [...JSON_TYPES, ...YAML_TYPES.slice(0, 1)] : JSON_TYPES;
  const refuse = (found: string) =>
    new ProtocolError('UNSUPPORTED_MEDIA_TYPE', `This route takes ${accepted.join(' or ')}, not ${found}. Say what you send in the header Content-Type.`, {
      accept: accepted.join(', '),
    });
  if (encoding !== 'identity') throw refuse(`a body with Content-Encoding "${encoding}"`);
  if (JSON_TYPES.includes(type) || /^application\/[\w.-]+\+json$/.test(type)) return 'json';
  if (takes === 'definition' && YAML_TYPES.includes(type)) return 'yaml';
  throw refuse(type === '' ? 'a body without Content-Type' : `"${type}"`);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MillraceError('INVALID_INPUT', 'The body is not UTF-8 text. Save the file as UTF-8 and send it again.', {
      faults: [at('not_utf8', 'The body is not UTF-8 text.', 1, 1)],
    });
  }
}

/**
 * JSON text as a value. Depth is checked before the text is parsed, so nothing that walks the value can run out of stack.
 * `__proto__` stays an own key of the parsed value; whoever reads the value refuses it by name.
 */
function parseJson(text: string): unknown {
  const deep = tooDeepAt(text);
  if (deep !== null) throw notJson(`The JSON is nested deeper than ${MAX_DEPTH} levels.`, text, deep, 'too_deep');
  const value = parseValid(text);
  const repeated = repeatedKey(text);
  if (repeated) {
    const [key, { line, column }] = [String(repeated.path.at(-1)), placeAt(text, repeated.offset)];
    const message = `The key "${key.slice(0, 80)}" stands twice in one object.`;
    throw new MillraceError('INVALID_INPUT', message, { faults: [{ path: repeated.path, message, line, column, rule: 'duplicate_key', hint: 'Keep one of the two.' }] });
  }
  return value;
}

function parseValid(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = (error as Error).message;
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    throw notJson(`The body is not valid JSON: ${message}`, text, position, 'syntax');
  }
}

/**
 * What no part of the house can keep is refused wherever it stands: `__proto__` as a key, which would change what an object inherits when it is merged,
 * and text that PostgreSQL cannot hold (U+0000) or that is no text (half of a surrogate pair).
 */
function refuseHarmful(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'string') return refuseText(value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__') throw forbidden(here, 'forbidden_key', 'The key "__proto__" is not allowed anywhere in a body.', 'Rename it.');
    if (!Array.isArray(value)) refuseText(key, here);
    refuseHarmful(item, here);
  }
}

function refuseText(text: string, path: (string | number)[]): void {
  if (text.includes('\0')) throw forbidden(path, 'control_character', 'The character U+0000 is not allowed.', 'Take it out.');
  if (/\p{Surrogate}/u.test(text)) throw forbidden(path, 'not_unicode', 'The text has half of a surrogate pair, which is no character.', 'Send both halves, or none.');
}

const forbidden = (path: (string | number)[], rule: string, message: string, hint: string): MillraceError =>
  new MillraceError('INVALID_INPUT', message, { faults: [{ path, message, rule, hint }] });

/** The offset of the bracket that goes one level too deep, or null. Brackets inside strings do not count. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === OPEN_LIST || char === OPEN_MAP) {
      depth += 1;
      if (depth > MAX_DEPTH) return i;
    } else if (char === CLOSE_LIST || char === CLOSE_MAP) depth -= 1;
  }
  return null;
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

function notJson(message: string, text: string, offset: number, rule: string): MillraceError {
  const { line, column } = placeAt(text, offset);
  return new MillraceError('INVALID_INPUT', message, { faults: [at(rule, message, line, column)] });
}

const at = (rule: string, message: string, line: number, column: number) => ({
  path: [], message, line, column, rule, hint: 'Check the text at this place, e.g. for a missing comma, quote or bracket.',
});
