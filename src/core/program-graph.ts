import type { Program, ProgramStep, Target } from './program.ts';
import { findStep } from './steps/index.ts';

/** Every target that a step can lead to: its outcomes, `next` where it can be skipped or failed past, and its error handler. */
function targetsOf(step: ProgramStep): Target[] {
  const outcomes = findStep(step.type)?.outcomes(step.config) ?? ['next'];
  const names = step.if !== null || step.onError === 'continue' ? [...outcomes, 'next'] : outcomes;
  const plain = [...new Set(names)].flatMap((name) => step.edges[name] ?? step.edges['next'] ?? []);
  return typeof step.onError === 'string' ? plain : [...plain, step.onError];
}

const nextSteps = (program: Program, id: string): string[] => {
  const step = program.steps.get(id);
  return step ? targetsOf(step).flatMap((target) => ('stepId' in target ? [target.stepId] : [])) : [];
};

/** Every step that some path from `start` reaches, itself included. */
export function reachedFrom(program: Program, start: string | null): Set<string> {
  const reached = new Set<string>();
  const open = start === null ? [] : [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...nextSteps(program, id));
  }
  return reached;
}

/** Steps that some path leads back to. */
export function onCycles(program: Program): Set<string> {
  return new Set(program.order.filter((id) => nextSteps(program, id).some((next) => reachedFrom(program, next).has(id))));
}
