import type { Context } from '../context.ts';
import type { ClaimedSend, Lane } from '../core/ports/hot-path.ts';
import { attemptSend, type AttemptTools } from './deliver-attempt.ts';
import type { Later } from './deliver-later.ts';
import type { Results } from './deliver-results.ts';
import type { Carried } from './go-on.ts';
import { asPart } from './seen.ts';

/** Where the end of an attempt goes. */
export interface Outlets {
  results: Results;
  later: Later;
}

/** Makes one attempt at a send that this process holds, has its result written, and rings for the next one. Never throws. `carried` is its run, where this process knows it. */
export async function performSend(ctx: Context, { results, later }: Outlets, send: ClaimedSend, lane: Lane, tools: AttemptTools, carried?: Carried): Promise<void> {
  const said = { 'millrace.channel': send.channel, 'millrace.send.id': send.id, 'millrace.attempt': send.attempt };
  const result = await asPart(ctx, 'attempt', said, () => attemptSend(ctx, send, tools));
  await results.record({ send, result, lane, ...(carried && { carried }) });
  if ('again' in result) later.ring(lane, [send.id], result.again.inMs);
}
