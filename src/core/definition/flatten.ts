import type { Data } from '../state.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import type { Arm } from './arms.ts';
import { isRecord } from './definition.ts';
import type { Path } from './definition.ts';
import { flowOf } from './flow.ts';

export interface Flattened {
  /** The steps, none of them inside another. The input is not changed. */
  steps: unknown[];
  /** For each step, the place that it was written in. */
  origins: Path[];
}

/** Longer lists are refused anyway; they need not be understood. */
const MAX_LIFTED = 1_000;

interface Row {
  step: unknown;
  origin: Path;
  /** Lifted out of it: they stand behind it in the flat list. */
  rows: Row[];
}

/**
 * Lifts the steps of inline arms (`then: [ {id: …}, … ]`) out into the list, behind their branch. An arm becomes the id of its first step, and its last
 * step goes on behind the branch: `check(then: [a, b]), after` becomes `check(then: a, next: after), a, b(next: after), after`.
 * What is no list of steps is left as it is, for the shape's check to speak of.
 */
export function flatten(steps: unknown): Flattened {
  if (!Array.isArray(steps)) return { steps: [], origins: [] };
  if (steps.length > MAX_LIFTED) return { steps, origins: steps.map((_, index) => ['steps', index]) };
  const rows = liftList(steps, ['steps'], null).flatMap(inOrder);
  return { steps: rows.map(({ step }) => step), origins: rows.map(({ origin }) => origin) };
}

const inOrder = (row: Row): Row[] => [row, ...row.rows.flatMap(inOrder)];

/** @param join where the end of this list goes on; null at the top, where it is the end of the run */
function liftList(list: unknown[], origin: Path, join: string | null): Row[] {
  const steps = list.map((step) => (isRecord(step) ? { ...step } : step));
  const inline = steps.some((step) => inlineArms(armsIn(step)).length > 0);
  if (!inline && join === null) return steps.map((step, index) => ({ step, origin: [...origin, index], rows: [] }));
  const flow = flowOf(steps.map((step, index) => ({ id: idOf(step) ?? `#${index}`, heads: armsIn(step).flatMap(({ target }) => (typeof target === 'string' ? [target] : [])) })));
  return steps.map((step, index) => {
    const arms = armsIn(step);
    const landing = arms.length > 0 ? flow.omitted(index) : flow.after(index);
    const falls = landing.index < steps.length ? idOf(steps[landing.index]) : join;
    const behind = isRecord(step) && typeof step['next'] === 'string' ? step['next'] : falls;
    const own: Path = [...origin, index];
    const row: Row = { step, origin: own, rows: liftArms(step, own, behind ?? 'end') };
    // Behind a lifted arm the list's order says another thing than before, so what followed from it is written down.
    const staysLast = join === null && index === steps.length - 1 && row.rows.length === 0;
    const moved = !staysLast && (row.rows.length > 0 || landing.index !== index + 1 || landing.index >= steps.length);
    if (moved && isRecord(step) && (step['next'] ?? null) === null && fallsThrough(step, arms)) step['next'] = behind ?? 'end';
    return row;
  });
}

/** A step that has no way on (`exit`), or names every way, takes no `next`. */
function fallsThrough(step: Data, arms: Arm[]): boolean {
  if (arms.length > 0) return arms.some(({ target }) => target === undefined) || isRecord(step['if']) || Array.isArray(step['if']) || step['on_error'] === 'continue';
  const kind = findStep(String(step['type']));
  return kind === undefined || kind.arms.length > 0 || kind.outcomes({}).length > 0;
}

function liftArms(step: unknown, origin: Path, behind: string): Row[] {
  const inline = inlineArms(armsIn(step));
  if (!isRecord(step) || inline.length === 0) return [];
  step['config'] = structuredClone(step['config']);
  return inlineArms(armsIn(step)).flatMap((arm) => {
    const rows = liftList(arm.target as unknown[], [...origin, 'config', ...arm.path], behind);
    arm.write(idOf((arm.target as unknown[])[0]) ?? '');
    return rows;
  });
}

function armsIn(step: unknown): Arm[] {
  if (!isRecord(step) || typeof step['type'] !== 'string') return [];
  return armsOf(findStep(step['type'])?.arms ?? [], step['config']);
}

const inlineArms = (arms: Arm[]): Arm[] => arms.filter(({ target }) => Array.isArray(target) && target.length > 0 && target.length <= MAX_LIFTED && target.every(isRecord));

function idOf(step: unknown): string | null {
  return isRecord(step) && typeof step['id'] === 'string' ? step['id'] : null;
}
