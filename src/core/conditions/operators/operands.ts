import { toNumber } from '../../templates/to-number.ts';
import { parseDuration } from '../../time/duration.ts';
import { asInstant } from '../../time/instant.ts';
import { compilePattern } from '../pattern.ts';
import { compareValues } from '../values.ts';

/** What an operator's `value` may be. */
export interface Operand {
  name: 'none' | 'any' | 'scalar' | 'text' | 'comparable' | 'range' | 'list' | 'moment' | 'duration' | 'pattern';
  /** For messages: "wants … as its value". */
  words: string;
  /** True when a wrong one is an error of structure, refused even in a draft. */
  structure: boolean;
  /** What is wrong with a value that holds no template, for people; null when it will do. */
  check(value: unknown): string | null;
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const isMoment = (value: unknown): boolean => asInstant(value, 'UTC') !== null;
const isComparable = (value: unknown): boolean => toNumber(value) !== null || isMoment(value);

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const order = compareValues(value[0], value[1], 'UTC');
  return order !== null && order <= 0;
}

function operand(name: Operand['name'], words: string, holds: (value: unknown) => boolean): Operand {
  return { name, words, structure: false, check: (value) => (holds(value) ? null : `wants ${words} as its value`) };
}

function parsed(name: Operand['name'], words: string, read: (text: string) => unknown): Operand {
  const check = (value: unknown): string | null => {
    if (typeof value !== 'string' && value !== 0) return `wants ${words} as its value`;
    try {
      read(String(value));
      return null;
    } catch (error) {
      return `cannot use its value: ${(error as Error).message}`;
    }
  };
  return { name, words, structure: true, check };
}

export const none: Operand = operand('none', 'nothing', (value) => value === undefined || value === null || value === true);
export const any: Operand = operand('any', 'text, a number, true, false or a list', (value) => isScalar(value) || typeof value === 'object');
export const scalar: Operand = operand('scalar', 'text, a number, true or false', isScalar);
export const text: Operand = operand('text', 'text', (value) => typeof value === 'string' || typeof value === 'number');
export const comparable: Operand = operand('comparable', 'a number or a date such as 2026-03-02', isComparable);
export const range: Operand = operand('range', 'a list of two numbers or two dates, the lower first', isRange);
export const list: Operand = operand('list', 'a list of one or more values', (value) => Array.isArray(value) && value.length > 0);
export const moment: Operand = operand('moment', 'a date such as 2026-03-02 or 2026-03-02T09:00:00Z', isMoment);
export const duration: Operand = parsed('duration', 'a duration such as 3d', parseDuration);
export const pattern: Operand = parsed('pattern', 'a pattern of at most 200 characters', compilePattern);
