import { endingNow, type Ending } from './endings.ts';
import { openJournal } from './journal.ts';
import type { Program } from './program.ts';
import type { Run, Scene } from './state.ts';

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
