import type { Context } from '../context.ts';
import type { ClaimedSend, SendResult } from '../core/ports/hot-path.ts';
import { endingAtGate, guardsGate, unreachableAtGate } from '../core/gate.ts';
import type { Ending } from '../core/endings.ts';
import type { Program } from '../core/program.ts';
import type { EffectOutcome } from '../core/state.ts';
import { channels } from './channels/index.ts';
import { historiesOf, historyFor } from './histories.ts';
import { assetsOf, programsOf } from './programs.ts';

/**
 * The last look before messages leave: exit rules that hold of the contact as it is now end its run, and the message with it; a message to an address that
 * the contact lost meanwhile ends as if it had never had one. Reads nothing more for contacts with an address in programs without such rules, and one query
 * for all the others. Gives the results of those that stay; all the rest may go.
 */
export async function stoppedAtGate(ctx: Context, claimed: ClaimedSend[]): Promise<Map<string, SendResult>> {
  const guarded = await guardedSends(ctx, claimed);
  if (guarded.length === 0) return new Map();
  const batch = await ctx.runs.look([...new Set(guarded.map(({ send }) => send.enrollmentId))]);
  const runs = new Map(batch.runs.map((loaded) => [loaded.run.id, loaded]));
  const assets = await assetsOf(ctx, batch.locations);
  const histories = await historiesOf(ctx, guarded.map(({ send: { contactId }, program }) => ({ contactId, program })), batch.now);
  return new Map(guarded.flatMap(({ send, program }): [string, SendResult][] => {
    const loaded = runs.get(send.enrollmentId);
    const location = loaded && batch.locations.get(loaded.locationId);
    if (!loaded || !location) return [];
    const { run, contact, workflowName, paused } = loaded;
    const workflow = { id: run.workflowId, name: workflowName };
    const scene = {
      now: batch.now,
      contact,
      workflow,
      location,
      assets: assets.get(location.id) ?? { templates: {}, voicemails: {} },
      paused,
      history: historyFor(program, contact.id, histories),
    };
    const exit = endingAtGate(program, run, scene);
    if (exit) return [[send.id, heldBack(ctx, send, `exit: "${exit.reason}" held before this left`, exit)]];
    const lost = send.unaddressed ? unreachableAtGate(program, run, scene, send.stepId) : null;
    return lost === null ? [] : [[send.id, heldBack(ctx, send, lost)]];
  }));
}

async function guardedSends(ctx: Context, claimed: ClaimedSend[]): Promise<{ send: ClaimedSend; program: Program }[]> {
  const programs = await programsOf(ctx, claimed.map(({ versionId }) => versionId));
  return claimed.flatMap((send) => {
    const compiled = programs.get(send.versionId);
    return compiled && 'program' in compiled && (send.unaddressed || guardsGate(compiled.program)) ? [{ send, program: compiled.program }] : [];
  });
}

/** An earlier attempt that the provider may have taken is not unsaid: then the run learns at its next step that it has ended. */
function heldBack(ctx: Context, { id, lease, attempt, channel, unknownBefore }: ClaimedSend, reason: string, exit?: Ending): SendResult {
  const ending = exit && { exit: { status: exit.status, reason: exit.reason } };
  const end: EffectOutcome = unknownBefore ? { status: 'unknown', error: reason } : { status: 'skipped', reason, ...ending };
  return { id, lease, attempt, end, provider: channels[channel].provider(ctx).name, providerId: null };
}
