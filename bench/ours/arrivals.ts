import type { Context } from '../../src/context.ts';
import type { LiveMessage } from '../../src/core/ports/outside.ts';
import { auditLine } from '../../src/services/caller.ts';
import { ringRuns } from '../../src/services/doorbells.ts';
import { until } from '../work.ts';
import type { Scene } from './scene.ts';

/** Arrivals a second. */
const RATE = 200;

/**
 * Lets contacts arrive one by one, evenly, whether or not the ones before were served, until `more` says no or none is left.
 * Gives the milliseconds of each from its moment to the news that its first steps are committed. An arrival is what `enrollContact` writes and rings,
 * without the reads around it that check and answer a request.
 */
export async function arrive(ctx: Context, { who, workflowId, versionId }: Scene, contactIds: string[], more: () => boolean = () => true): Promise<number[]> {
  const calledAt = new Map<string, number>();
  const heardAt = new Map<string, number>();
  // Revision 1 is the enrolment itself.
  const hear = ({ runs }: LiveMessage): void => runs.forEach(({ id, rev }) => void (rev > 1 && !heardAt.has(id) && heardAt.set(id, performance.now())));
  const leave = ctx.bus.subscribe(hear);
  const calls: Promise<void>[] = [];
  const desk = ctx.desk(who.locationId);
  const enroll = async (contactId: string): Promise<string> => {
    const row = { contactId, entryKey: '', initial: {}, triggerData: { type: 'manual', data: {} } };
    const { answers } = await desk.enroll(workflowId, versionId, 'never', [row], auditLine(who, 'enrollment.create', workflowId));
    const { enrollmentId } = answers[0]!;
    ringRuns(ctx, 'interactive', [enrollmentId]);
    return enrollmentId;
  };
  const began = performance.now();
  for (const [n, contactId] of contactIds.entries()) {
    const due = began + (n / RATE) * 1_000;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, Math.max(1, due - performance.now())));
    if (!more()) break;
    calls.push(enroll(contactId).then((id) => void calledAt.set(id, due)));
  }
  await Promise.all(calls);
  await until('every arrival to be served', async () => [...calledAt.keys()].every((id) => heardAt.has(id)));
  leave();
  return [...calledAt].map(([id, at]) => heardAt.get(id)! - at);
}
