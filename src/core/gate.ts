import { endingNow, type Ending } from './endings.ts';
import { openJournal } from './journal.ts';
import type { Program } from './program.ts';
import type { Run, Scene } from './state.ts';
import { findStep } from './steps/index.ts';
import { reach } from './steps/reach.ts';

/** True for a program whose runs must be looked at once more just before a message leaves. */
export const guardsGate = ({ exitConditions, settings }: Program): boolean => settings.maxRunAgeMs !== null || exitConditions.some(({ on }) => on === null);

/** What ends a run whose message is about to leave, by the contact as it is now; null when the message may go. A rule that cannot be read ends nothing. */
export function endingAtGate(program: Program, run: Run, scene: Scene): Ending | null {
  if (run.state.status !== 'active') return null;
  try {
    return endingNow(openJournal(program, run, scene));
  } catch {
    return null;
  }
}

/** Why a message that is about to leave has nowhere to go any more, in the words of its step for the contact as it is now; null when it has. */
export function unreachableAtGate(program: Program, run: Run, scene: Scene, stepId: string): string | null {
  const step = program.steps.get(stepId);
  const kind = step && findStep(step.type);
  if (!step || !kind?.channel || !kind.to) return null;
  try {
    const { verdict } = reach(kind.channel, kind.to(step.config), openJournal(program, run, scene).moment.scope);
    return verdict?.kind === 'skip' ? verdict.reason : null;
  } catch {
    return null;
  }
}
