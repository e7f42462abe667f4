import { findConditions } from '../conditions/find-conditions.ts';
import { recallsOf } from '../conditions/recall.ts';
import type { Program, ProgramStep, Settings, Target } from '../program.ts';
import { findStep } from '../steps/index.ts';
import { durationMs } from '../time/duration.ts';
import type { DefinedSettings, DefinedStep, Definition } from './definition.ts';
import { pathText } from './diagnostic.ts';
import { graphOf } from './graph.ts';
import { magnetsOf } from './magnets.ts';
import type { Graph } from './graph.ts';
import { readStructure } from './read.ts';

/** Thrown when what the database holds is no definition any more. `code` is what callers go by. */
export class CompileError extends Error {
  readonly code = 'VALIDATION_FAILED';
  constructor(message: string) {
    super(message);
    this.name = 'CompileError';
  }
}

/**
 * A definition made ready to run: every edge resolved, every outcome of every step with one, durations in milliseconds.
 * An unknown target, which only a draft can hold, becomes an end with status `failed` and reason `unknown_target:<name>`.
 */
export function compile(definition: Definition): Program {
  const graph = graphOf(definition.steps);
  const conditions = definition.exitConditions.map(({ path: _path, ...rule }) => rule);
  return {
    name: definition.name,
    entry: { stepId: graph.entry },
    steps: new Map(definition.steps.map((step) => [step.id, compileStep(step, graph)])),
    order: definition.steps.map(({ id }) => id),
    triggers: definition.triggers.map(({ path: _path, ...trigger }) => trigger),
    exitConditions: conditions,
    magnets: magnetsOf(definition.steps, graph),
    settings: compileSettings(definition.settings),
    recalls: recallsOf([
      ...definition.triggers.map(({ filters }) => filters),
      ...conditions.map((rule) => rule.if),
      ...definition.steps.map((step) => [step.if, findConditions(step.config).map(({ value }) => value)]),
    ]),
    listens: [...new Set([...definition.steps.flatMap(({ type, config }) => findStep(type)?.listens(config) ?? []), ...conditions.map(({ on }) => on ?? '*')])].sort(),
  };
}

/**
 * Reads and compiles the flattened source that `workflow_versions.definition` holds.
 * @throws CompileError when it is no valid definition
 */
export function compileStored(stored: unknown): Program {
  const { definition, diagnostics } = readStructure({ format: 'json', value: stored });
  if (definition) return compile(definition);
  const first = diagnostics.find(({ kind, severity }) => kind === 'structure' && severity === 'error');
  throw new CompileError(
    `The stored definition cannot be read: ${first ? `${pathText(first.path)}: ${first.message}` : 'it is empty'}. Publish the workflow again from its source.`,
  );
}

function compileStep(step: DefinedStep, graph: Graph): ProgramStep {
  const edges = graph.edges.get(step.id)!;
  const onError = step.onError === 'fail' || step.onError === 'continue' ? step.onError : handlerOf(step.onError, graph);
  return {
    id: step.id,
    type: step.type,
    label: step.label,
    config: step.config,
    edges: Object.fromEntries(edges.filter(({ error }) => !error).map(({ outcome, to, name }) => [outcome, to ?? unknownTarget(name)])),
    if: step.if,
    onError,
    retry: step.retry && { attempts: step.retry.attempts, backoffMs: durationMs(step.retry.backoff) },
  };
}

const handlerOf = (id: string, graph: Graph): ProgramStep['onError'] => (graph.steps.has(id) ? { stepId: id } : 'fail');

const unknownTarget = (name: string): Target => ({ end: { status: 'failed', reason: `unknown_target:${name}` } });

function compileSettings({ reentry, entryKey, timezone, maxRunAge, quietHours }: DefinedSettings): Settings {
  return {
    reentry: typeof reentry === 'string' ? reentry : { afterMs: durationMs(reentry.after) },
    entryKey,
    timezone,
    maxRunAgeMs: maxRunAge === null ? null : durationMs(maxRunAge),
    quietHours,
  };
}
