import { z } from 'zod';
import { suggest } from '../core/definition/nearest.ts';
import { keysAt } from '../core/definition/schema-keys.ts';
import { MillraceError, type Fault } from '../errors.ts';

/**
 * Reads an input by its schema; an unknown key is refused with the nearest known name.
 * @param what names the input in the message: `contact`, `query`.
 * @throws MillraceError `INVALID_INPUT` with one fault per thing that is wrong.
 */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(what, parsed.error.issues.flatMap((issue) => faultsOf(issue, schema)));
}

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Fault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message, rule: issue.code }];
  return issue.keys.map((key) => {
    const hint = suggest(key, keysAt(schema, path));
    return { path: [...path, key], message: `is not known here.${hint ? ` ${hint}` : ''}`, rule: 'unknown_key', hint };
  });
}

/** INVALID_INPUT that names the first few faults in its message too. */
export function invalidInput(what: string, faults: Fault[]): MillraceError {
  const told = faults.slice(0, TOLD).map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  const more = faults.length > TOLD ? `; and ${faults.length - TOLD} more` : '';
  return new MillraceError('INVALID_INPUT', `The ${what} cannot be taken: ${told.join('; ')}${more}.`.replace(/([.?])\.$/, '$1'), { faults });
}

/** A message is for people: who wants all faults reads the list. */
const TOLD = 5;

/** Text that PostgreSQL can hold: no NUL. */
export const plainText = (longest: number): z.ZodType<string> =>
  z.string().max(longest, `expected at most ${longest} characters`).refine((text) => !text.includes('\0'), 'the character U+0000 is not allowed');

const LONGEST_DATA = 65_536;

/** A map of anything whose JSON is short enough to be kept in every row that it goes into. `what` says what it is: `of custom fields`. */
export const dataOf = (what = '', key: z.ZodType<string, string> = z.string()) =>
  z.record(key, z.unknown()).refine((data) => JSON.stringify(data).length <= LONGEST_DATA, `expected at most 64 KiB${what && ` ${what}`}`);

/** `welcome-email`, `welcome_2`: what `{{templates.<slug>}}` can name. */
export const slugSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, 'expected a letter first, then letters, digits, "-" or "_", at most 100 in all');
