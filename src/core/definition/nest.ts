import type { Data } from '../state.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import { isRecord } from './definition.ts';

/** Steps as a text has them: some inside arms of others. */
export interface Written {
  /** Each step as it is written, its inline arms in it. */
  steps: Map<string, Data>;
  /** Arms that hold steps, by the branch's id and the arm's outcome (see `armKey`), with the ids in them. */
  arms: Map<string, string[]>;
}

const armKey = (stepId: string, outcome: string): string => `${stepId}/${outcome}`;

/** Reads the steps of a text, those inside inline arms too. */
export function writtenSteps(list: unknown, found: Written = { steps: new Map(), arms: new Map() }): Written {
  for (const step of Array.isArray(list) ? list.filter(isRecord) : []) {
    const id = String(step['id']);
    found.steps.set(id, step);
    for (const { outcome, target } of armsWithin(step)) {
      if (outcome === null || !Array.isArray(target)) continue;
      found.arms.set(armKey(id, outcome), target.filter(isRecord).map((inner) => String(inner['id'])));
      writtenSteps(target, found);
    }
  }
  return found;
}

/**
 * Puts flat steps back into the arms that held them.
 * @param steps each step by its id, in the order of the list, none of them inside another; not changed
 * @param arms the arms that hold steps, and which
 */
export function nestSteps(steps: Map<string, Data>, arms: Written['arms']): Data[] {
  const inside = new Set([...arms.values()].flat());
  const print = (id: string): Data => {
    const step = structuredClone(steps.get(id)!);
    for (const arm of armsWithin(step)) {
      const held = arm.outcome === null ? undefined : arms.get(armKey(id, arm.outcome));
      if (held) arm.write(held.map(print));
    }
    return step;
  };
  return [...steps.keys()].filter((id) => !inside.has(id)).map(print);
}

/** A step whose inline arms name their first step instead. */
export function withoutInline(step: Data): Data {
  const flat = structuredClone(step);
  for (const arm of armsWithin(flat)) if (Array.isArray(arm.target)) arm.write(isRecord(arm.target[0]) ? arm.target[0]['id'] : undefined);
  return flat;
}

/** A step that does what `drawn` does, and says of its ways what `old` says: arms that were left out, and a `next` that followed from the list, stay so. */
export function sayingWaysAs(old: Data, drawn: Data): Data {
  const { next: _next, ...step } = structuredClone(drawn);
  const said = new Map(armsWithin(old).map(({ outcome, target }) => [outcome, target]));
  for (const arm of armsWithin(step)) if (said.has(arm.outcome) && said.get(arm.outcome) === undefined) arm.remove();
  return old['next'] === undefined ? step : { ...step, next: old['next'] };
}

const armsWithin = (step: Data) => armsOf(findStep(String(step['type']))?.arms ?? [], step['config']);
