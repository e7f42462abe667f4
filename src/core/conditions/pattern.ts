import { RE2JS } from 're2js';

const LONGEST_PATTERN = 200;
const LONGEST_INPUT = 10_000;
const compiled = new Map<string, RE2JS>();
const MOST_COMPILED = 500;

/**
 * Compiles a pattern in RE2's syntax, once: it runs in linear time, so there are no look-around and no back-references.
 * @throws RangeError with a message for people
 */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > LONGEST_PATTERN) throw new RangeError(`the pattern has ${pattern.length} characters; at most ${LONGEST_PATTERN} are allowed`);
  const fresh = compile(pattern);
  const oldest = compiled.size >= MOST_COMPILED ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(pattern, fresh);
  return fresh;
}

/** Whether the pattern is found anywhere in the first 10,000 characters; a pattern that a template filled in and that is none is not. */
export function matchesPattern(pattern: string, input: string): boolean {
  try {
    return compilePattern(pattern).matcher(input.slice(0, LONGEST_INPUT)).find();
  } catch {
    return false;
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new RangeError(`the pattern is not valid: ${(error as Error).message}${/\(\?[=!<]|\\[1-9]/.test(pattern) ? ' (look-around and back-references are not supported)' : ''}`);
  }
}
