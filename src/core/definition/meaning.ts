import type { Data } from '../state.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import type { DefinedStep, Definition } from './definition.ts';
import { graphOf } from './graph.ts';
import type { Graph } from './graph.ts';

/**
 * What a definition means, and nothing of how it is written: where every step leads is an edge, whether a `next` said so or the order of the list;
 * defaults are filled in. Comments, the order of keys and of steps, canvas positions and the file's own version number are no part of it.
 */
export interface Meaning {
  name: string;
  description: string | null;
  triggers: Data[];
  settings: Data;
  exit_conditions: Data[];
  /** The id of the first step. */
  entry: string;
  steps: Record<string, StepMeaning>;
  tests: Data[];
}

export interface StepMeaning {
  type: string;
  label: string | null;
  if: unknown[] | null;
  /** `fail`, `continue`, or `handle` when an edge leads to the step that handles it. */
  on_error: string;
  retry: unknown;
  /** Without the arms: those are edges. */
  config: unknown;
  /** Outcome → a step id or the name of an end. */
  edges: Record<string, string>;
}

export function meaningOf(definition: Definition): Meaning {
  const graph = graphOf(definition.steps);
  return {
    name: definition.name,
    description: definition.description,
    triggers: definition.triggers.map(({ path: _path, ...trigger }) => snaked(trigger)),
    settings: snaked({ ...definition.settings }),
    exit_conditions: definition.exitConditions.map(({ path: _path, ...rule }) => snaked(rule)),
    entry: graph.entry,
    steps: Object.fromEntries(definition.steps.map((step) => [step.id, meaningOfStep(step, graph)])),
    tests: definition.tests,
  };
}

function meaningOfStep(step: DefinedStep, graph: Graph): StepMeaning {
  const config = structuredClone(step.config);
  for (const arm of armsOf(findStep(step.type)?.arms ?? [], config)) arm.remove();
  const { type, label, retry, onError } = step;
  const edges = graph.edges.get(step.id)!.filter(({ possible }) => possible);
  return {
    type, label, if: step.if, on_error: onError === 'fail' || onError === 'continue' ? onError : 'handle', retry, config,
    edges: Object.fromEntries(edges.map(({ outcome, name }) => [outcome, name])),
  };
}

const snaked = (value: object): Data => Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), item]));
