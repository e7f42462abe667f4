import { expectationsOf, type Difference } from './expectations.ts';
import { compile } from './definition/compile.ts';
import type { Definition, Finding } from './definition/definition.ts';
import { suggest } from './definition/nearest.ts';
import type { Program } from './program.ts';
import type { Scenario } from './scenario.ts';
import { simulate, type Simulation } from './simulate.ts';
import type { Assets, Contact, Location } from './state.ts';
import { findStep } from './steps/index.ts';
import { strangeEvent } from './strange-event.ts';

/** What scenarios play against: the location's calendar and zone, its templates and voicemails. */
export interface Stage {
  assets: Assets;
  location: Location;
}

export interface ScenarioResult {
  name: string;
  passed: boolean;
  /** The first thing that was not as expected. */
  difference: Difference | null;
  /** What happened; null when it could not be played. */
  trace: Simulation | null;
}

/** Steps that all scenarios of a definition may take together: publishing waits for them. */
const BUDGET = 50_000;

/**
 * Plays the `tests:` of a definition with the production interpreter, in their order. Pure: no message, no row, no clock.
 * One that expects an impossible thing fails like any other; nothing is thrown.
 */
export function runScenarios(definition: Definition, stage: Stage): ScenarioResult[] {
  const program = compile(definition);
  let taken = 0;
  return definition.tests.map((scenario) => {
    if (taken > BUDGET) return refused(scenario, { path: [], message: `It was not played: the scenarios before it took more than ${BUDGET} steps.`, expected: null, actual: null });
    const trace = playScenario(program, scenario, stage);
    if ('message' in trace) return refused(scenario, trace);
    taken += trace.log.length + scenario.events.length;
    const difference = expectationsOf(scenario.expect, trace);
    return { name: scenario.name, passed: difference === null, difference, trace };
  });
}

/** Plays one script without looking at what it expects. Gives what keeps it from being played: a draw that there is not. */
export function playScenario(program: Program, scenario: Scenario, { assets, location }: Stage): Simulation | Difference {
  const pinned = pin(program, scenario);
  if ('message' in pinned) return pinned;
  const stranger = strangeEvent(program, scenario.events);
  if (stranger) return stranger;
  const { contact, start, trigger, initial_data, events } = scenario;
  return simulate({ program: pinned.program, contact: contactOf(contact, start), events, start, location, assets, trigger, initial: initial_data });
}

/** The scenarios that fail, as findings about the definition: they refuse publishing. */
export function scenarioFindings(results: ScenarioResult[]): Finding[] {
  return results.flatMap(({ name, difference }, index) => {
    if (difference === null) return [];
    return [{
      path: ['tests', index, ...difference.path],
      message: `The scenario "${name}" fails: ${difference.message}`,
      hint: 'Correct the steps, or what the scenario expects of them.',
    }];
  });
}

const refused = ({ name }: Scenario, difference: Difference): ScenarioResult => ({ name, passed: false, difference, trace: null });

/** The program with the draws that a scenario names decided beforehand. */
function pin(program: Program, { variants }: Scenario): { program: Program } | Difference {
  const steps = new Map(program.steps);
  for (const [id, outcome] of Object.entries(variants)) {
    const step = steps.get(id);
    const drawn = [...steps.values()].filter(({ type }) => findStep(type)?.pin).map((one) => one.id);
    const config = step && findStep(step.type)?.pin?.(step.config, outcome);
    if (!step || config === undefined) return { path: ['variants', id], message: `no lots are drawn at "${id}".`, expected: suggest(id, drawn), actual: null };
    if (config === null) return { path: ['variants', id], message: `"${id}" has no variant "${outcome}".`, expected: suggest(outcome, Object.keys(step.edges)), actual: outcome };
    steps.set(id, { ...step, config });
  }
  return { program: { ...program, steps } };
}

function contactOf({ id, first_name, last_name, email, phone, timezone, tags, custom_fields, consent }: Scenario['contact'], at: number): Contact {
  return {
    id: id ?? 'scenario-contact', revision: 1, first_name: first_name ?? null, last_name: last_name ?? null, email: email ?? null, phone: phone ?? null,
    timezone: timezone ?? null, tags, custom_fields, consent, created_at: at, updated_at: at,
  };
}
