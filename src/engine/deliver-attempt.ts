import { ZodError } from 'zod';
import type { Context } from '../context.ts';
import type { ClaimedSend, SendResult } from '../core/ports/hot-path.ts';
import type { RateBucket } from '../core/rate-bucket.ts';
import { decideRetry, planAttempt, type Trouble } from '../core/retry.ts';
import type { Data, EffectOutcome } from '../core/state.ts';
import { messageOf, ProviderError } from '../errors.ts';
import { within } from '../within.ts';
import { channels } from './channels/index.ts';
import type { Accepted } from './channels/define-channel.ts';

/** A place at the rate limit is waited for this long; a later one goes back to the ledger. */
const PATIENCE_MS = 250;
/** A provider ends its own calls after 15 seconds; one that does not is given up here, so that its place is free again. */
const HANGS_MS = 16_000;

/** What an attempt may use of its process. `inTime` is asked just before the provider is called. */
export interface AttemptTools {
  bucket: RateBucket | null;
  /** False when this process slept so long that its lease may end before the provider answers. */
  inTime(): boolean;
}

/** Makes one attempt at a claimed send and says how it ended. Never throws. */
export async function attemptSend(ctx: Context, send: ClaimedSend, tools: AttemptTools): Promise<SendResult> {
  const { recovery, provider, open } = channels[send.channel];
  const ended = (end: EffectOutcome, providerId: string | null = null): SendResult => ({ id: send.id, lease: send.lease, attempt: send.attempt, end, provider: provider(ctx).name, providerId });
  const accepted = ({ providerId, result }: Accepted): SendResult => ended({ status: 'accepted', result }, providerId);
  let asking = false;
  try {
    const call = open(ctx, send);
    const plan = planAttempt(send, recovery);
    if (plan.lookUp) {
      asking = true;
      const found = await answered(() => call.find());
      asking = false;
      if (found) return accepted(found);
    }
    if (!plan.send) return ended({ status: recovery.spent, error: `No answer came from the provider after ${send.unknowns} interrupted ${send.unknowns === 1 ? 'attempt' : 'attempts'}, and it is not repeated.` });
    const delayed = await takeTurn(send, tools);
    return delayed ?? accepted(await answered(() => call.perform()));
  } catch (error) {
    return afterError(send, ended, troubleOf(error, asking), error);
  }
}

const answered = <T>(call: () => Promise<T>): Promise<T> =>
  within(HANGS_MS, call, () => new ProviderError(`The provider gave no answer within ${HANGS_MS} ms.`, { retryable: true, unknown: true }));

/** Waits for the rate limit. Gives the send back unharmed when its turn is far away, or when this process slept. */
async function takeTurn(send: ClaimedSend, { bucket, inTime }: AttemptTools): Promise<SendResult | null> {
  const turn = bucket?.take(performance.now(), PATIENCE_MS) ?? { kind: 'wait', ms: 0 };
  if (turn.kind === 'later') return givenBack(send, turn.ms, 'It waits for the rate limit.');
  if (turn.ms > 0) await new Promise((resolve) => setTimeout(resolve, turn.ms));
  return inTime() ? null : givenBack(send, 0, 'The worker slept past its lease and did not send.');
}

const givenBack = ({ id, lease, attempt }: ClaimedSend, inMs: number, error: string): SendResult => ({ id, lease, attempt, again: { inMs, error, countsAsAttempt: false } });

function afterError(send: ClaimedSend, ended: (end: EffectOutcome) => SendResult, trouble: Trouble, error: unknown): SendResult {
  const decision = decideRetry(send, channels[send.channel].recovery, trouble);
  const message = error instanceof ZodError ? `The request of step "${send.stepId}" cannot be sent: ${error.issues.map(({ path, message: m }) => `${path.join('.')} ${m}`).join('; ')}` : messageOf(error);
  if (decision.kind === 'end') return ended({ status: decision.status, error: message, ...resultOf(error) });
  const { inMs, countsAsAttempt, unknown } = decision;
  return { id: send.id, lease: send.lease, attempt: send.attempt, again: { inMs, error: message, countsAsAttempt, unknown } };
}

/** A question never leaves a message behind. An error that no provider announced may come from after the call, so it counts as silence. */
function troubleOf(error: unknown, asking: boolean): Trouble {
  if (error instanceof ZodError) return { retryable: false, unknown: false, throttled: false };
  if (!(error instanceof ProviderError)) return { retryable: true, unknown: !asking, throttled: false };
  const { retryable, unknown, retryAfterMs, detail } = error;
  return { retryable: asking || retryable, unknown: unknown && !asking, throttled: detail['status'] === 429, retryAfterMs };
}

/** What a receiver answered belongs to the failed step, too. */
function resultOf(error: unknown): { result?: Data } {
  const result = error instanceof ProviderError ? error.detail['result'] : undefined;
  return result ? { result: result as Data } : {};
}
