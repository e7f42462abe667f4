import { asText } from './as-text.ts';
import { pathText } from './definition/diagnostic.ts';
import { isRecord, type Path } from './definition/definition.ts';
import { ANY_STEPS, type ExpectedSend, type Scenario } from './scenario.ts';
import type { SimulatedSend, Simulation } from './simulate.ts';

/** One expectation that was not met. `path` leads to it in the scenario. */
export interface Difference {
  path: Path;
  /** For people: what was expected, what happened instead, and why where that is known. */
  message: string;
  expected: unknown;
  actual: unknown;
}

type Expectation = Scenario['expect'];

/** The first thing that a run did otherwise than expected, or null. The way is looked at before what came of it. */
export function expectationsOf(expected: Expectation, trace: Simulation): Difference | null {
  for (const check of CHECKS) {
    const difference = check(expected, trace);
    if (difference) return { ...difference, path: ['expect', ...difference.path] };
  }
  return null;
}

type Check = (expected: Expectation, trace: Simulation) => Difference | null;

const CHECKS: Check[] = [
  ({ path }, trace) => (path ? walked(path, trace) : null),
  ({ sent }, trace) => (sent ? allSent(sent, trace) : null),
  ({ not_sent }, trace) => (not_sent ? noneSent(not_sent, trace) : null),
  ({ status }, trace) => (status ? same(['status'], 'status', status, trace.status, because(trace)) : null),
  ({ exit_reason }, { exitReason }) => (exit_reason === undefined ? null : same(['exit_reason'], 'exit reason', exit_reason, exitReason)),
  ({ waiting_at }, trace) => (waiting_at === undefined ? null : same(['waiting_at'], 'step that it waits at', waiting_at, trace.waitingFor?.stepId ?? null, because(trace))),
  ({ contact }, trace) => firstOf(Object.entries(contact ?? {}), ([field, value]) => same(['contact', field], `contact's ${field}`, value, fieldOf(trace.contact, field))),
];

/** The path as written, in which `…` stands for any number of steps, none too. Blames the first place where the two part. */
function walked(expected: string[], trace: Simulation): Difference | null {
  const pieces = piecesOf(expected);
  const [first, ...others] = pieces;
  const open = others.length > 0;
  let index = 0;
  for (const piece of pieces) {
    const isLast = piece === pieces.at(-1);
    const start = piece === first ? 0 : isLast ? Math.max(index, trace.path.length - piece.ids.length) : leftmost(piece.ids, trace.path, index);
    const wrong = piece.ids.findIndex((id, offset) => trace.path[start + offset] !== id);
    if (wrong >= 0) return parting(piece.at + wrong, start + wrong, expected, trace);
    index = start + piece.ids.length;
  }
  return open || index === trace.path.length ? null : parting(expected.length, index, expected, trace);
}

/** The runs of ids between gaps. */
function piecesOf(expected: string[]): { at: number; ids: string[] }[] {
  const gaps = expected.flatMap((id, at) => (ANY_STEPS.includes(id) ? [at] : []));
  return [-1, ...gaps].map((gap, index) => ({ at: gap + 1, ids: expected.slice(gap + 1, gaps[index] ?? expected.length) }));
}

/** Where the ids first stand next to each other; where the first of them first stands, if they never do. */
function leftmost(ids: string[], path: string[], from: number): number {
  for (let start = from; start <= path.length - ids.length; start++) if (ids.every((id, offset) => path[start + offset] === id)) return start;
  const begun = path.indexOf(ids[0] ?? '', from);
  return begun < 0 ? path.length : begun;
}

function parting(at: number, index: number, expected: string[], trace: Simulation): Difference {
  const [wanted, found] = [expected[at], trace.path[index]];
  const where = index === 0 ? 'at the beginning' : `after ${trace.path.slice(Math.max(0, index - 3), index).join(' → ')}`;
  const went = found === undefined ? `the run ended there (${trace.exitReason ?? trace.status})` : `the run went to "${found}"`;
  const message = wanted === undefined ? `${where} the path should end, but ${went}` : `${where} it should go to "${wanted}", but ${went}`;
  return {
    path: wanted === undefined ? ['path'] : ['path', at],
    message: `${message}${skipped(wanted, trace) ?? reasonAt(trace, index - 1)}.`,
    expected: wanted ?? null,
    actual: found ?? null,
  };
}

/** A path leaves skipped steps out: the usual reason for a step to be missing from it. */
function skipped(stepId: string | undefined, { log }: Simulation): string | null {
  const row = log.find((one) => one.stepId === stepId && one.status === 'skipped');
  return row ? ` ("${stepId}" was skipped: ${asText(row.output?.['skipped'])})` : null;
}

/** What decided at a step of the path: its condition with the values that it saw. */
function reasonAt(trace: Simulation, index: number): string {
  const row = trace.log.filter(({ status }) => status !== 'skipped')[index];
  if (!row) return '';
  if (row.error) return ` ("${row.stepId}" failed: ${row.error})`;
  return row.decision ? ` (at "${row.stepId}": ${row.decision.text})` : '';
}

/** Why a run stands where it stands: the last step that failed or decided. */
function because(trace: Simulation): string {
  const failed = trace.log.findLast(({ error }) => error !== null);
  if (failed) return ` ("${failed.stepId}" failed: ${failed.error})`;
  return trace.waitingFor ? ` (it waits at "${trace.waitingFor.stepId}")` : '';
}

/** Each one is found after the one before it; others may stand between. An empty list means that nothing is sent. */
function allSent(expected: ExpectedSend[], { sent }: Simulation): Difference | null {
  if (expected.length === 0 && sent.length > 0) return { path: ['sent'], message: `nothing should be sent; sent were ${list(sent)}.`, expected, actual: sent.map(shown) };
  let from = 0;
  return firstOf([...expected.entries()], ([index, wanted]) => {
    const found = sent.findIndex((one, at) => at >= from && matches(one, wanted));
    from = found + 1;
    if (found >= 0) return null;
    return {
      path: ['sent', index],
      message: `${said(wanted)} was not sent${index > 0 ? ' after the one before it' : ''}; sent were ${list(sent)}.`,
      expected: wanted,
      actual: sent.map(shown),
    };
  });
}

function noneSent(expected: ExpectedSend[], { sent }: Simulation): Difference | null {
  return firstOf([...expected.entries()], ([index, unwanted]) => {
    const found = sent.find((one) => matches(one, unwanted));
    return found ? { path: ['not_sent', index], message: `${said(unwanted)} should not be sent, but "${found.stepId}" sent it.`, expected: null, actual: shown(found) } : null;
  });
}

function matches(send: SimulatedSend, { channel, step, to, contains }: ExpectedSend): boolean {
  const texts = [send.subject, send.message, send.body].map((text) => text?.toLowerCase() ?? '');
  return (channel === undefined || send.channel === channel) && (step === undefined || send.stepId === step) && (to === undefined || send.to === to)
    && (contains === undefined || texts.some((text) => text.includes(contains.toLowerCase())));
}

const shown = ({ stepId, channel, to, subject, message }: SimulatedSend) => ({
  step: stepId, channel, to, ...(subject !== null && { subject }), ...(message !== null && { message }),
});
const said = (send: ExpectedSend): string => `a message with ${Object.entries(send).map(([key, value]) => `${key} "${value}"`).join(' and ') || 'anything'}`;
const list = (sent: SimulatedSend[]): string => (sent.length === 0 ? 'none' : sent.slice(0, 10).map(({ channel, stepId }) => `${channel} by "${stepId}"`).join(', '));

function same(path: Path, what: string, expected: unknown, actual: unknown, why = ''): Difference | null {
  if (equal(expected ?? null, actual ?? null)) return null;
  return { path, message: `the ${what} should be ${print(expected)}, but is ${print(actual)}${why}.`, expected, actual };
}

const print = (value: unknown): string => (value === undefined || value === null ? 'nothing' : JSON.stringify(value));

/** `custom_fields.plan` or `tags` of a contact. */
const fieldOf = (contact: unknown, field: string): unknown =>
  field.split('.').reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), contact);

function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (isRecord(a) && isRecord(b)) return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  return Object.is(a, b);
}

function firstOf<T>(all: T[], check: (one: T) => Difference | null): Difference | null {
  for (const one of all) {
    const difference = check(one);
    if (difference) return difference;
  }
  return null;
}

/** A difference as one line: `expect.path[3]: after …`. */
export const differenceText = ({ path, message }: Difference): string => `${pathText(path)}: ${message}`;
