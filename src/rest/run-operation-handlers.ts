import type { z } from 'zod';
import type { RunAsk } from '../core/operable.ts';
import type { EnrollmentRecord } from '../core/ports/records.ts';
import { moveEnrollment, operateInBulk, retryStep, runNow, skipStep } from '../services/run-operations.ts';
import { showEnrollment } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

type Nothing = z.output<typeof schemas.nothing>;

export const retry = async ({ ctx, who, params }: Call<Nothing>): Promise<Reply> => shown(await retryStep(ctx, who, params));
export const skip = async ({ ctx, who, params }: Call<Nothing>): Promise<Reply> => shown(await skipStep(ctx, who, params));
export const hurry = async ({ ctx, who, params }: Call<Nothing>): Promise<Reply> => shown(await runNow(ctx, who, params));
export const move = async ({ ctx, who, params, body }: Call<z.output<typeof schemas.moveBody>>): Promise<Reply> =>
  shown(await moveEnrollment(ctx, who, { id: params.id, stepId: body.step_id }));

const shown = (enrollment: EnrollmentRecord): Reply => ({ status: 200, body: showEnrollment(enrollment) });

type Bulk = Call<z.output<typeof schemas.bulkBody>>;

export const bulkRetry = (call: Bulk): Promise<Reply> => inBulk(call, { kind: 'retry' });
export const bulkSkip = (call: Bulk): Promise<Reply> => inBulk(call, { kind: 'skip' });
export const bulkHurry = (call: Bulk): Promise<Reply> => inBulk(call, { kind: 'run_now' });
export const bulkMove = (call: Call<z.output<typeof schemas.bulkMoveBody>>): Promise<Reply> => inBulk(call, { kind: 'move', to: call.body.step_id });
export const bulkExit = (call: Call<z.output<typeof schemas.bulkExitBody>>): Promise<Reply> => inBulk(call, { kind: 'exit', reason: call.body.reason ?? 'manual' });

async function inBulk({ ctx, who, params, body }: Bulk, ask: RunAsk): Promise<Reply> {
  const { status, current_step: currentStep, contact_id: contactId, enrolled_before: enrolledBefore, enrolled_after: enrolledAfter, dry_run: dryRun = false } = body;
  const filter = { workflowId: params.id, status, currentStep, contactId, enrolledBefore, enrolledAfter };
  const answer = await operateInBulk(ctx, who, { filter, ask, dryRun });
  const steps = answer.steps.map(({ stepKey, count }) => ({ step_id: stepKey, count }));
  return { status: 200, body: { matched: answer.matched, affected: answer.affected, dry_run: answer.dryRun, steps, refused: answer.refused } };
}
