import type { Definition } from './definition.ts';
import { canonical } from '../canonical.ts';
import { meaningOf } from './meaning.ts';
import type { Meaning, StepMeaning } from './meaning.ts';
import { changesBetween } from './value-changes.ts';
import type { Change } from './value-changes.ts';

/** What tells two definitions apart in meaning. Layout, comments, the order of keys and a `next` that says what the list said before are noise. */
export interface DefinitionDiff {
  /** True when nothing differs in meaning. */
  identical: boolean;
  steps: {
    added: { id: string; type: string }[];
    removed: { id: string; type: string }[];
    /** By id; a step is the same one as long as its id is. Where it leads is told by `edges`. */
    changed: { id: string; type: string; changes: Change[] }[];
  };
  /** Of steps that both have; `from` is null for the way in. `before` is null when the outcome is new, `after` when it is gone. */
  edges: { from: string | null; outcome: string; before: string | null; after: string | null }[];
  /** Name, description, triggers, settings, exit conditions and scenarios: `settings.reentry`, `exit_conditions[booked].reason`. */
  changes: Change[];
}

/** @returns what leads from `before` to `after`, in the order of the files */
export function diffDefinitions(before: Definition, after: Definition): DefinitionDiff {
  const [old, next] = [meaningOf(before), meaningOf(after)];
  const both = after.steps.flatMap(({ id }) => (id in old.steps ? [{ id, was: old.steps[id]!, is: next.steps[id]! }] : []));
  const diff: Omit<DefinitionDiff, 'identical'> = {
    steps: {
      added: after.steps.filter(({ id }) => !(id in old.steps)).map(({ id, type }) => ({ id, type })),
      removed: before.steps.filter(({ id }) => !(id in next.steps)).map(({ id, type }) => ({ id, type })),
      changed: both.map(({ id, was, is }) => ({ id, type: is.type, changes: changesBetween(contentOf(was), contentOf(is)) })).filter(({ changes }) => changes.length > 0),
    },
    edges: [
      ...(old.entry === next.entry ? [] : [{ from: null, outcome: 'start', before: old.entry, after: next.entry }]),
      ...both.flatMap(({ id, was, is }) => edgeChanges(id, was, is)),
    ],
    changes: changesBetween(aroundSteps(old), aroundSteps(next)),
  };
  return { identical: canonical(diff) === NOTHING, ...diff };
}

const NOTHING = canonical({ steps: { added: [], removed: [], changed: [] }, edges: [], changes: [] });

const contentOf = ({ edges: _edges, ...content }: StepMeaning): object => content;

const aroundSteps = ({ steps: _steps, entry: _entry, ...rest }: Meaning): object => rest;

function edgeChanges(from: string, was: StepMeaning, is: StepMeaning): DefinitionDiff['edges'] {
  const outcomes = [...new Set([...Object.keys(was.edges), ...Object.keys(is.edges)])];
  const rows = outcomes.map((outcome) => ({ from, outcome, before: was.edges[outcome] ?? null, after: is.edges[outcome] ?? null }));
  return rows.filter(({ before, after }) => before !== after);
}

/** The diff as a person reads it in a terminal: `+` added, `-` removed, `~` changed; one line says so when nothing differs. */
export function printDiff({ identical, steps, edges, changes }: DefinitionDiff): string {
  if (identical) return 'No difference in meaning.\n';
  const lines = [
    ...steps.removed.map(({ id, type }) => `- step ${id} (${type})`),
    ...steps.added.map(({ id, type }) => `+ step ${id} (${type})`),
    ...steps.changed.flatMap(({ id, type, changes: own }) => [`~ step ${id} (${type})`, ...own.map((change) => `    ${lineOf(change)}`)]),
    ...edges.map(({ from, outcome, before, after }) => `${signOf(before, after)} edge ${from ?? 'triggers'}.${outcome}: ${before ?? 'none'} → ${after ?? 'none'}`),
    ...changes.map((change) => `${signOf(change.kind === 'added' ? null : '', change.kind === 'removed' ? null : '')} ${lineOf(change)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const signOf = (before: unknown, after: unknown): string => (before === null ? '+' : after === null ? '-' : '~');

const LONGEST = 200;
const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

function lineOf({ path, kind, from, to }: Change): string {
  if (kind === 'added') return `${path}: ${shown(to)}`;
  return kind === 'removed' ? `${path}: ${shown(from)} removed` : `${path}: ${shown(from)} → ${shown(to)}`;
}
