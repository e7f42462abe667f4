import type { Program, ProgramStep, Target } from './program.ts';
import { findStep } from './steps/index.ts';

/** Every target that a step can lead to: its outcomes that are possible, `next` where it can be skipped, passed over or failed past, and its error handler. */
function targetsOf(step: ProgramStep, passed: boolean): Target[] {
  const outcomes = findStep(step.type)?.possible(step.config) ?? ['next'];
  const names = passed || step.if !== null || step.onError === 'continue' ? [...outcomes, 'next'] : outcomes;
  const plain = [...new Set(names)].flatMap((name) => step.edges[name] ?? step.edges['next'] ?? []);
  return typeof step.onError === 'string' ? plain : [...plain, step.onError];
}

/** The steps that can follow a step. */
type Following = (id: string) => string[];

function followingIn({ steps }: Program): Following {
  const passing = [...steps.values()].filter(({ type, config }) => findStep(type)?.passes(config));
  const passed = new Set(passing.flatMap(({ edges }) => (edges['next'] && 'stepId' in edges['next'] ? [edges['next'].stepId] : [])));
  return (id) => {
    const step = steps.get(id);
    return step ? targetsOf(step, passed.has(id)).flatMap((target) => ('stepId' in target ? [target.stepId] : [])) : [];
  };
}

/** Every step that some path from `start` reaches, itself included. */
export function reachedFrom(program: Program, start: string | null, following: Following = followingIn(program)): Set<string> {
  const reached = new Set<string>();
  const open = start === null ? [] : [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...following(id));
  }
  return reached;
}

/** Steps that some path leads back to. */
export function onCycles(program: Program): Set<string> {
  const following = followingIn(program);
  return new Set(program.order.filter((id) => following(id).some((next) => reachedFrom(program, next, following).has(id))));
}
