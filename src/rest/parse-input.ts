import { z } from 'zod';
import { nearest } from '../core/definition/nearest.ts';
import { MillraceError } from '../errors.ts';

interface InputFault {
  path: (string | number)[];
  message: string;
  rule: string;
  hint: string | null;
}

/**
 * Parses a body or a query; an unknown key is refused with the nearest known name.
 * @param what names the input in the message: `body`, `query`.
 * @throws MillraceError `INVALID_INPUT` with every fault.
 */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, schema));
  const first = faults[0]!;
  throw new MillraceError('INVALID_INPUT', `The ${what} cannot be used: ${first.message}${faults.length > 1 ? ` (and ${faults.length - 1} more, see errors)` : ''}`, { faults });
}

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType): InputFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code !== 'unrecognized_keys') return [{ path, message: `${path.length > 0 ? `"${path.join('.')}": ` : ''}${issue.message}`, rule: issue.code, hint: null }];
  const known = keysAt(schema, path);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const hint = near ? `Did you mean "${near}"?` : known.length > 0 ? `Known here: ${known.join(', ')}.` : null;
    return { path: [...path, key], message: `Unknown key "${key}".${hint ? ` ${hint}` : ''}`, rule: 'unknown_key', hint };
  });
}

/** The names that an object schema knows at a path, through optional, nullable and the like. */
function keysAt(schema: z.ZodType, path: (string | number)[]): string[] {
  const here = unwrap(schema);
  if (path.length === 0) return here instanceof z.ZodObject ? Object.keys(here.shape) : here instanceof z.ZodUnion ? here.options.flatMap((option) => keysAt(option as z.ZodType, [])) : [];
  const [head, ...rest] = path;
  if (here instanceof z.ZodObject) return here.shape[head!] ? keysAt(here.shape[head!] as z.ZodType, rest) : [];
  if (here instanceof z.ZodArray) return keysAt(here.element as z.ZodType, rest);
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return schema;
}
