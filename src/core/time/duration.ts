import { z } from 'zod';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const UNITS: Record<string, number> = { w: WEEK, d: DAY, h: HOUR, m: MINUTE, s: SECOND };
const LONGEST = 1826 * DAY;

const FORMS = 'Write 90s, 15m, 2h, 1d, 2w, a combination such as 1d12h, ISO-8601 such as P1DT12H, or 0';
const SHORT = /^(?:\d+[wdhms])+$/;
const ISO = /^P(?=[\dT])(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * Reads a duration as definitions write one: `90s`, `1d12h`, `P1DT12H` or `0`. A day is 24 hours.
 * @returns milliseconds, 0 to 1,826 days
 * @throws RangeError with a message for people
 */
export function parseDuration(text: string): number {
  const ms = text === '0' ? 0 : (shortForm(text) ?? isoForm(text));
  if (ms === null) throw new RangeError(complaint(text));
  if (ms > LONGEST) throw new RangeError(`"${clip(text)}" is longer than the longest duration, 1826d (5 years). Use a shorter one.`);
  return ms;
}

/** Milliseconds as people write them: 129600000 → `1d12h`, 0 → `0`. Whole weeks are weeks; parts of a second are rounded. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms / SECOND) * SECOND;
  if (rest <= 0) return '0';
  if (rest % WEEK === 0) return `${rest / WEEK}w`;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS[unit]!;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/**
 * Reads an offset from a moment: a duration with an optional sign, `-3d` for before and `2h` or `+2h` for after.
 * @returns milliseconds, negative for before
 * @throws RangeError with a message for people
 */
export function offsetMs(value: string | number): number {
  const text = String(value);
  return text.startsWith('-') ? -parseDuration(text.slice(1)) || 0 : parseDuration(text.replace(/^\+/, ''));
}

/** An offset as the source holds it: `-3d`, `+2h`, `90m` or 0; read it with `offsetMs`. */
export const offsetSchema = textOrZero('An offset is text such as -3d (before) or 2h (after), or 0.', offsetMs);

/** A duration as the source holds it, a string or the number 0; read its length with `durationMs`. */
export const durationSchema = textOrZero('A duration is text such as 1d12h, or 0.', durationMs);

/** The length in milliseconds of what `durationSchema` accepts; throws RangeError for anything else. */
export function durationMs(value: string | number): number {
  return parseDuration(String(value));
}

function textOrZero(what: string, read: (value: string | number) => number) {
  return z.union([z.string(), z.number()], { error: `${what} ${FORMS}.` }).superRefine((value, context) => {
    try {
      read(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as RangeError).message });
    }
  });
}

function shortForm(text: string): number | null {
  if (!SHORT.test(text)) return null;
  const seen = new Set<string>();
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    if (seen.has(unit!)) return null;
    seen.add(unit!);
    ms += Number(count) * UNITS[unit!]!;
  }
  return ms;
}

function isoForm(text: string): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, weeks, days, hours, minutes, seconds] = found;
  const sizes = [WEEK, DAY, HOUR, MINUTE, SECOND];
  return [weeks, days, hours, minutes, seconds].reduce((sum, count, i) => sum + Number(count ?? 0) * sizes[i]!, 0);
}

function complaint(text: string): string {
  const shown = clip(text);
  if (/^\d+(\.\d+)?$/.test(text)) return `${shown} is a duration without a unit. ${FORMS} (${shown}m for minutes, ${shown}d for days).`;
  if (text.startsWith('-')) return `"${shown}" is a negative duration; a wait cannot end before it began. ${FORMS}.`;
  if (/^P.*[YM]/.test(text) && !/^P[^YM]*T/.test(text)) return `"${shown}" counts in years or months, which have no fixed length; count in days. ${FORMS}.`;
  return `"${shown}" is not a duration. ${FORMS}.`;
}

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
