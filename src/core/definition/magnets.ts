import type { Magnet } from '../program.ts';
import { findStep } from '../steps/index.ts';
import type { DefinedStep } from './definition.ts';
import type { Graph } from './graph.ts';

/** The goals that are watched from entry, each with every step that it can be reached from. */
export function magnetsOf(steps: DefinedStep[], graph: Graph): Magnet[] {
  const magnets = steps.filter(({ type, config }) => (findStep(type)?.magnet(config) ?? null) !== null);
  if (magnets.length === 0) return [];
  const before = backwards(graph);
  return magnets.map(({ id }) => ({ stepId: id, from: leadingTo(before, id) }));
}

/** Every step with the steps that can come right before it. */
function backwards(graph: Graph): Map<string, string[]> {
  const before = new Map<string, string[]>();
  for (const id of graph.steps.keys()) {
    for (const next of graph.next(id)) before.set(next, [...(before.get(next) ?? []), id]);
  }
  return before;
}

function leadingTo(before: Map<string, string[]>, goal: string): Set<string> {
  const found = new Set<string>();
  const open = [...(before.get(goal) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(before.get(id) ?? []));
  }
  return found;
}
