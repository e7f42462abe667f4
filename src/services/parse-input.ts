import { z } from 'zod';
import { MillraceError, type Fault } from '../errors.ts';

/** Reads an input by its schema. Throws INVALID_INPUT with one fault per thing that is wrong. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(what, parsed.error.issues.map((issue) => ({ path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))), message: issue.message })));
}

/** INVALID_INPUT that names every fault in its message too. */
export function invalidInput(what: string, faults: Fault[]): MillraceError {
  const told = faults.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  return new MillraceError('INVALID_INPUT', `The ${what} cannot be taken: ${told.join('; ')}.`, { faults });
}

/** Text that PostgreSQL can hold: no NUL. */
export const plainText = (longest: number): z.ZodType<string> =>
  z.string().max(longest, `expected at most ${longest} characters`).refine((text) => !text.includes('\0'), 'the character U+0000 is not allowed');

/** `welcome-email`, `welcome_2`: what `{{templates.<slug>}}` can name. */
export const slugSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, 'expected a letter first, then letters, digits, "-" or "_", at most 100 in all');
