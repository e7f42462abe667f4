import type { z } from 'zod';
import { isRecord } from './definition.ts';
import type { Path, StructureFinding } from './definition.ts';
import { renaming } from './fix-edits.ts';
import { nearest, suggest } from './nearest.ts';
import { keysAt } from './schema-keys.ts';
import { valueAt } from '../value-at.ts';

type Issue = z.core.$ZodIssue;
type Found = Omit<StructureFinding, 'path'>;

/** Unknown keys of one map that are spoken of. */
const MAX_KEYS = 20;

/** Parses with a schema; what is wrong comes as findings under `base`. Every word that zod says about a definition passes through here. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, base: Path): { value: T; findings: [] } | { value: null; findings: StructureFinding[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, findings: [] };
  // A value of the wrong type is not measured as well.
  const mistyped = new Set(result.error.issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join('\u0000')));
  const issues = result.error.issues.filter(({ code, path }) => code === 'invalid_type' || code === 'unrecognized_keys' || !mistyped.has(path.join('\u0000')));
  return { value: null, findings: issues.flatMap((issue) => translate(issue, [], schema, value)).map((finding) => under(base, finding)) };
}

/** A finding as it stands below another place. */
export const under = (base: Path, { fix, ...finding }: StructureFinding): StructureFinding => ({
  ...finding,
  path: [...base, ...finding.path],
  ...(fix && { fix: { ...fix, edits: fix.edits.map((edit) => ({ ...edit, path: [...base, ...edit.path] })) } }),
});

function translate(issue: Issue, prefix: Path, schema: z.ZodType, root: unknown): StructureFinding[] {
  const path: Path = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, MAX_KEYS).map((key) => unknownKey(key, path, schema));
  if (issue.code === 'invalid_union') return fromUnion(issue, path, schema, root);
  const explain = (WORDS[issue.code] ?? WORDS['custom']!) as (issue: Issue, path: Path, input: unknown) => Found;
  return [{ ...explain(issue, path, valueAt(root, path)), path }];
}

function unknownKey(key: string, path: Path, schema: z.ZodType): StructureFinding {
  const known = keysAt(schema, path);
  return { rule: 'unknown_key', path: [...path, key], at: 'key', message: `There is no key "${clip(key)}" here.`, hint: suggest(key, known), fix: renaming([...path, key], nearest(key, known)) };
}

/** Of several shapes that a value may have, the one that it came closest to speaks. */
function fromUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, schema: z.ZodType, root: unknown): StructureFinding[] {
  const branches = issue.errors.filter((errors) => errors.length > 0);
  const missed = (errors: Issue[]): number =>
    errors.reduce((sum, one) => sum + (one.path.length === 0 && one.code === 'invalid_type' ? 100 : one.code === 'invalid_value' && one.path.length === 0 ? 50 : 1), 0);
  const best = branches.toSorted((a, b) => missed(a) - missed(b))[0];
  if (!best) return [{ rule: 'wrong_type', path, message: issue.message, hint: 'Write one of the forms that this key can have.' }];
  const noneFits = branches.every((errors) => errors.some((one) => one.code === 'invalid_type' && one.path.length === 0));
  if (!noneFits) return best.flatMap((one) => translate(one as Issue, path, schema, root));
  const expected = [...new Set(branches.flatMap((errors) => errors.flatMap((one) => (one.code === 'invalid_type' && one.path.length === 0 ? [nameOf(one.expected)] : []))))];
  const value = valueAt(root, path);
  if (value === undefined) return [{ ...required(path), path }];
  return [{ rule: 'wrong_type', path, message: `Expected ${expected.join(' or ')}, found ${kindOf(value)}.`, hint: hintForType(value, expected[0] ?? '') }];
}

/** What each code of zod's means to the author of a definition. */
const WORDS: Partial<Record<Issue['code'], (issue: never, path: Path, input: unknown) => Found>> = {
  invalid_type: (issue: z.core.$ZodIssueInvalidType, path, input) => {
    if (input === undefined) return required(path);
    const own = /^(Invalid input|Expected)/.test(issue.message) ? null : issue.message;
    const rule = last(path) === 'weight' ? 'invalid_weights' : 'wrong_type';
    return { rule, message: own ?? `Expected ${nameOf(issue.expected)}, found ${kindOf(input)}.`, hint: hintForType(input, nameOf(issue.expected)) };
  },
  too_small: (issue: z.core.$ZodIssueTooSmall, path) => tooSmall(issue, path),
  too_big: (issue: z.core.$ZodIssueTooBig) => ({
    rule: issue.origin === 'number' || issue.origin === 'int' ? 'out_of_range' : 'too_long',
    message: `At most ${issue.maximum}${unitOf(issue.origin)} ${issue.maximum === 1 ? 'is' : 'are'} allowed here.`,
    hint: issue.origin === 'string' ? 'Shorten the text.' : 'Use a smaller value, or split the workflow in two.',
  }),
  invalid_value: (issue: z.core.$ZodIssueInvalidValue, path, input) => ({
    rule: last(path) === 'operator' ? 'unknown_operator' : 'unknown_value',
    message: typeof input === 'object' && input !== null ? `Expected a word, found ${kindOf(input)}.` : `"${clip(String(input))}" is not possible here.`,
    hint: suggest(String(input), issue.values.map(String)),
  }),
  invalid_format: (issue: z.core.$ZodIssueInvalidStringFormat, path, input) => {
    const plain = `"${clip(String(input))}" does not have the form that "${last(path)}" needs.`;
    return told(issue, 'invalid_format', issue.message.startsWith('Invalid') ? plain : issue.message);
  },
  invalid_key: (issue: z.core.$ZodIssueInvalidKey, path) => {
    const [own] = issue.issues;
    if (own?.code === 'custom') return { rule: 'invalid_key', message: own.message, hint: 'Rename the key.' };
    const message = `The key "${clip(String(last(path)))}" has characters that are not possible here.`;
    return { rule: 'invalid_key', message, hint: 'Use letters, digits and _; begin with a letter.' };
  },
  custom: (issue: z.core.$ZodIssueCustom, path, input) => {
    if (input === undefined && issue.params?.['rule'] === 'condition_shape' && typeof last(path) === 'string' && CONDITION_KEYS.has(String(last(path)))) return required(path);
    const plain = issue.params?.['plain'];
    return told(issue, ruleFor(path), typeof plain === 'string' ? plain : withInput(issue.message.replace(/ Write 90s.*$/s, ''), input));
  },
};

function told(issue: { params?: Record<string, unknown> } | Issue, rule: string, message: string): Found {
  const params = ('params' in issue ? issue.params : undefined) as Record<string, unknown> | undefined;
  const named = typeof params?.['rule'] === 'string' ? params['rule'] : rule;
  const given = named === 'condition_empty' ? 'empty_if' : named;
  const hint = typeof params?.['hint'] === 'string' ? params['hint'] : (HINTS[given] ?? 'Change the value as the message says.');
  return { rule: given, message, hint };
}

const CONDITION_KEYS = new Set(['if', 'condition', 'filters']);
const DURATIONS = new Set(['duration', 'delay', 'timeout', 'after', 'backoff', 'within', 'max_run_age', 'offset']);
const HINTS: Record<string, string> = {
  invalid_duration: 'Write 90s, 15m, 2h, 1d, 2w, a combination such as 1d12h, ISO-8601 such as P1DT12H, or 0.',
  invalid_weights: 'Weights are whole numbers that share out the contacts: 50 and 50.',
  duplicate_variant: 'Give each variant a name of its own.',
  invalid_config: 'Keep the keys that belong together and remove the others.',
};

function ruleFor(path: Path): string {
  const key = String(last(path));
  if (DURATIONS.has(key)) return 'invalid_duration';
  if (key === 'weight' || key === 'variants') return 'invalid_weights';
  return key === 'operator' ? 'unknown_operator' : 'invalid_config';
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, path: Path): Found {
  const key = String(last(path));
  if (issue.origin === 'array' || issue.origin === 'set') {
    if (key === 'if' || key === 'condition') return {
      rule: 'empty_if', message: `"${key}" is empty, so it says nothing.`, hint: 'Write at least one condition, or remove the key.',
    };
    return {
      rule: 'empty_list',
      message: `"${key}" needs at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}.`,
      hint: key === 'steps' ? 'Add a step: { id: first, type: … }.' : 'Add one, or remove the key.',
    };
  }
  if (issue.origin === 'string') return { rule: 'empty_text', message: `"${key}" is empty.`, hint: 'Write a text, or remove the key.' };
  const message = issue.message.startsWith('Too small') ? `"${key}" must be at least ${issue.minimum}.` : issue.message;
  if (key === 'weight') return { rule: 'invalid_weights', message, hint: HINTS['invalid_weights']! };
  return { rule: 'out_of_range', message, hint: 'Use a larger number.' };
}

const required = (path: Path): Found => ({ rule: 'required', message: `"${last(path)}" is missing.`, hint: `Add "${last(path)}:".` });

function hintForType(input: unknown, expected: string): string {
  if (expected === 'a text' && (typeof input === 'number' || typeof input === 'boolean')) return `Put quotes round it: "${String(input)}".`;
  if (expected === 'a list') return 'Write a list: [ … ], or one entry a line with "- " before it.';
  if (expected === 'a map') return 'Write keys and values: { key: value }.';
  if (typeof input === 'string' && expected !== 'a text') return `Write ${expected} without quotes.`;
  return `Write ${expected}.`;
}

const NAMES: Record<string, string> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', tuple: 'a list', object: 'a map',
  record: 'a map', null: 'nothing',
};
const nameOf = (type: string): string => NAMES[type] ?? type;

/** What a value is, as a person would say it: `a list`, `the number 5`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a map';
  return typeof value === 'string' ? `the text "${clip(value)}"` : `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

const unitOf = (origin: string): string => ({ string: ' characters', array: ' entries', set: ' entries' })[origin] ?? '';
const last = (path: Path): string | number => path.at(-1) ?? 'the definition';
const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const withInput = (message: string, input: unknown): string =>
  (typeof input === 'string' && !message.includes(clip(input).slice(0, 20)) && input.length <= 60 && !message.includes('"') ? `${message} (found "${input}")` : message);
