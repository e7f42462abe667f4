import type { Context } from '../context.ts';
import { compile } from '../core/definition/compile.ts';
import { pathText } from '../core/definition/diagnostic.ts';
import { explore, type Exploration } from '../core/explore.ts';
import { runScenarios, type ScenarioResult } from '../core/scenarios.ts';
import { formatDuration } from '../core/time/duration.ts';
import { deskFor, type Caller } from './caller.ts';
import { definitionOf, type DefinitionInput } from './given-definition.ts';

/** The answer of mode `scenarios`: each with what it found first to be otherwise. */
export interface ScenarioReport {
  passed: boolean;
  scenarios: {
    name: string;
    passed: boolean;
    difference: { path: string; message: string; expected: unknown; actual: unknown } | null;
    path: string[];
    status: string | null;
    exit_reason: string | null;
  }[];
}

/** Plays the `tests:` of a definition. Throws VALIDATION_FAILED for structure errors, NOT_FOUND, INVALID_INPUT. */
export async function playScenarios(ctx: Context, who: Caller, input: DefinitionInput): Promise<ScenarioReport> {
  const desk = deskFor(ctx, who, 'read');
  const [definition, assets, location] = await Promise.all([definitionOf(ctx, who, input), desk.readAssets(), desk.readLocation()]);
  return showScenarios(runScenarios(definition, { assets, location }));
}

export function showScenarios(results: ScenarioResult[]): ScenarioReport {
  return {
    passed: results.every(({ passed }) => passed),
    scenarios: results.map(({ name, passed, difference, trace }) => ({
      name,
      passed,
      difference: difference && { ...difference, path: pathText(difference.path) },
      path: trace?.path ?? [],
      status: trace?.status ?? null,
      exit_reason: trace?.exitReason ?? null,
    })),
  };
}

/** The answer of mode `explore`; lengths in the words of definitions beside milliseconds. */
export interface ExplorationReport {
  complete: boolean;
  walked: number;
  unreached: string[];
  open_ended: string[];
  loop_limited: string[];
  longest: { duration: string; ms: number; path: string[] };
  ends: { status: string; reason: string | null; path: string[] }[];
  most_messages: { count: number; path: string[]; messages: { step_id: string; channel: string; after: string; after_ms: number }[] };
}

/** Walks every path of a definition. Throws VALIDATION_FAILED for structure errors, NOT_FOUND, INVALID_INPUT. */
export async function exploreWorkflow(ctx: Context, who: Caller, input: DefinitionInput): Promise<ExplorationReport> {
  const desk = deskFor(ctx, who, 'read');
  const [definition, assets, location, start] = await Promise.all([definitionOf(ctx, who, input), desk.readAssets(), desk.readLocation(), desk.journeyNow()]);
  return showExploration(explore({ program: compile(definition), assets, location, start }), start);
}

export function showExploration({ complete, walked, unreached, openEnded, loopLimited, longest, ends, mostMessages }: Exploration, start: number): ExplorationReport {
  const { count, path, messages } = mostMessages;
  return {
    complete, walked, unreached, open_ended: openEnded, loop_limited: loopLimited,
    longest: { duration: formatDuration(longest.ms), ms: longest.ms, path: longest.path },
    ends,
    most_messages: { count, path, messages: messages.map(({ stepId, channel, at }) => ({ step_id: stepId, channel, after: formatDuration(at - start), after_ms: at - start })) },
  };
}
