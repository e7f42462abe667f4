import { nearest } from '../definition/nearest.ts';

const LONGEST = 2048;
const DEEPEST = 32;
const MOST_TOKENS = 300;
const TEXTS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
const TOKENS = /[A-Za-z_$][\w$]*|\d[\w.]*|[^\s\w]/g;
const KEYWORDS = new Set(['and', 'or', 'not', 'in']);
/** What people write out of habit → what to write here. */
const HABITS: [RegExp, string][] = [
  [/\/\*/, 'Comments are not allowed in an expression.'],
  [/&&/, 'Write "and" instead of "&&".'],
  [/\|\|/, 'Write "or" instead of "||".'],
  [/!(?!=)/, 'Write "not" instead of "!".'],
  [/===|!==/, 'Compare with == and !=, two characters long.'],
  [/=>|;/, 'An expression is one comparison or calculation: no functions of your own and no ";".'],
  [/(?<![=!<>])=(?!=)/, 'Compare with "=="; "=" alone would assign.'],
  [/\b(?:__proto__|prototype|constructor)\b/, 'It names a member of the program, not of the data.'],
  [/[)\]"']\s*\(/, 'Only the named functions can be called.'],
];

/**
 * What forbids an expression before it is parsed: its size, its depth, and anything but values, operators and calls of
 * the given functions. Null when nothing does; else a message for people.
 */
export function guardExpression(source: string, functions: string[]): string | null {
  if (source.trim() === '') return 'The expression is empty.';
  if (new TextEncoder().encode(source).length > LONGEST) return `The expression is longer than ${LONGEST} bytes. Split it into several conditions.`;
  if (/\/\*/.test(source)) return 'Comments are not allowed in an expression.';
  const code = source.replace(TEXTS, '""');
  const habit = HABITS.find(([pattern]) => pattern.test(code));
  return habit?.[1] ?? tooComplex(code) ?? wrongCall(code, functions);
}

function tooComplex(code: string): string | null {
  const tokens = code.match(TOKENS) ?? [];
  if (tokens.length > MOST_TOKENS) return `The expression has ${tokens.length} parts; at most ${MOST_TOKENS} are allowed. Split it into several conditions.`;
  let depth = 0;
  for (const token of tokens) {
    if ('([?'.includes(token)) depth += 1;
    if (')]'.includes(token)) depth -= 1;
    if (depth > DEEPEST) return `The expression is nested more than ${DEEPEST} deep. Split it into several conditions.`;
  }
  return null;
}

function wrongCall(code: string, functions: string[]): string | null {
  for (const [, name] of code.matchAll(/([A-Za-z_$][\w$.]*)\s*\(/g)) {
    if (functions.includes(name!) || KEYWORDS.has(name!)) continue;
    const close = nearest(name!, functions);
    return `There is no function "${name}". ${close === null ? `Functions are ${functions.join(', ')}.` : `Did you mean "${close}"?`}`;
  }
  for (const [, name] of code.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]*)\b(?!\s*\()/g)) {
    if (functions.includes(name!)) return `"${name}" is a function: call it, as in ${name}(…).`;
  }
  return null;
}
