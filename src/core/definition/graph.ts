import { ERROR_EDGE, type Target } from '../program.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import type { DefinedStep, Path } from './definition.ts';
import { flowOf } from './flow.ts';
import type { Flow, Landing } from './flow.ts';
import { endOf } from './targets.ts';

/** One way out of a step. */
export interface Edge {
  from: string;
  outcome: string;
  /** As written or inferred: a step id or the name of an end. */
  name: string;
  /** Null when `name` is neither a step nor an end. */
  to: Target | null;
  /** Where the definition names it; the step itself when it is inferred. */
  path: Path;
  /** Inferred edges only: ids that were jumped over on the way. */
  inferred: { skipped: string[]; doubtful: boolean } | null;
  /** False for the plain edge of a step that always leaves by another one. */
  possible: boolean;
  /** The edge that `on_error: <step id>` draws. */
  error: boolean;
}

export interface Graph {
  entry: string;
  steps: Map<string, DefinedStep>;
  edges: Map<string, Edge[]>;
  /** Steps that can follow, in the order of the edges. */
  next(id: string): string[];
}

/** Every edge of a definition, inferred ones included. Unknown targets are kept with `to: null`. */
export function graphOf(steps: DefinedStep[]): Graph {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const flow = flowOf(steps.map((step) => ({ id: step.id, heads: headsOf(step) })));
  const edges = new Map(steps.map((step, index) => [step.id, edgesOf(step, index, steps, byId, flow)]));
  passOver(steps, edges);
  const following = new Map([...edges].map(([id, own]) => [id, [...new Set(own.flatMap(({ possible, to }) => (possible && to && 'stepId' in to ? [to.stepId] : [])))]]));
  return { entry: steps[0]!.id, steps: byId, edges, next: (id) => following.get(id) ?? [] };
}

/** Whoever is passed over leaves by `next`, also where it has arms or ends the run. */
function passOver(steps: DefinedStep[], edges: Map<string, Edge[]>): void {
  const passing = steps.filter(({ type, config }) => findStep(type)?.passes(config));
  const passed = passing.flatMap(({ id }) => edges.get(id)!.flatMap(({ to, error }) => (!error && to && 'stepId' in to ? [to.stepId] : [])));
  for (const edge of passed.flatMap((id) => edges.get(id) ?? [])) if (edge.outcome === 'next') edge.possible = true;
}

/** The ids that the arms of a step name. */
function headsOf(step: Pick<DefinedStep, 'type' | 'written'>): string[] {
  return armsOf(findStep(step.type)?.arms ?? [], step.written).flatMap(({ target }) => (typeof target === 'string' ? [target] : []));
}

function edgesOf(step: DefinedStep, index: number, steps: DefinedStep[], byId: Map<string, DefinedStep>, flow: Flow): Edge[] {
  const kind = findStep(step.type);
  const arms = armsOf(kind?.arms ?? [], step.written);
  const outcomes = kind?.outcomes(step.config) ?? ['next'];
  const draw = (outcome: string, name: string, path: Path, inferred: Edge['inferred'], possible = true): Edge => ({
    from: step.id, outcome, name, to: byId.has(name) ? { stepId: name } : endOf(name, step.id, kind), path: [...step.path, ...path], inferred, possible, error: false,
  });
  const plain = (outcome: string, possible: boolean): Edge => {
    if (step.next !== null) return draw(outcome, step.next, ['next'], null, possible);
    const landing: Landing = arms.length > 0 ? flow.omitted(index) : flow.after(index);
    const skipped = landing.skipped.map((at) => steps[at]!.id);
    return draw(outcome, steps[landing.index]?.id ?? 'end', [], { skipped, doubtful: landing.doubtful }, possible);
  };
  const edges = outcomes.map((outcome) => {
    const arm = arms.find((one) => one.outcome === outcome && typeof one.target === 'string');
    return arm ? draw(outcome, arm.target as string, ['config', ...arm.path], null) : plain(outcome, true);
  });
  // A skipped step, and a failed one with `on_error: continue`, leaves by `next` whatever its outcomes are.
  if (!outcomes.includes('next')) edges.push(plain('next', step.if !== null || step.onError === 'continue'));
  if (step.onError !== 'fail' && step.onError !== 'continue') edges.push({ ...draw(ERROR_EDGE, step.onError, ['on_error'], null), error: true });
  return edges;
}
