import type { Context } from '../context.ts';
import { advance } from '../core/advance.ts';
import type { LoadedBatch, LoadedRun, RunCommit } from '../core/ports/hot-path.ts';
import type { Program } from '../core/program.ts';
import type { Assets, Input, Location, Scene, Transition } from '../core/state.ts';
import { messageOf } from '../errors.ts';
import { sendIdOf } from '../ids.ts';
import { historiesOf, historyFor, type Histories } from './histories.ts';
import { asPart } from './seen.ts';
import { assetsOf, programsOf, type Compiled } from './programs.ts';

type Ports = Pick<Context, 'events' | 'versions' | 'assets' | 'telemetry'>;

/** What a caller knows of some runs beside what was loaded, by enrollment id. */
export interface Known {
  /** What happened to a run beside what its mailbox holds. */
  news?: ReadonlyMap<string, Input>;
  takenEmails?: TakenEmails;
  /** How long whoever commits holds a run's send, to perform it at once; see `RunCommit`. */
  claimMs?: (decided: Decided) => number | undefined;
}

/** A run with what was decided of it, and by what. */
export interface Decided {
  program: Program;
  loaded: LoadedRun;
  transition: Transition;
  location: Location;
}

/** Run → e-mail addresses that it may not give its contact. */
export type TakenEmails = Map<string, ReadonlySet<string>>;

export interface Decisions {
  commits: RunCommit[];
  failed: { loaded: LoadedRun; reason: string }[];
  deferred: string[];
}

/**
 * Advances every run of a batch in memory. Once a run has changed a contact, the batch's other runs of that contact wait for the
 * next pass: they must see the change, and must not move with it if its commit is lost.
 */
export const decideBatch = (ctx: Ports, batch: LoadedBatch, known: Known = {}): Promise<Decisions> =>
  asPart(ctx, 'decide', { 'millrace.runs': batch.runs.length }, () => decideAll(ctx, batch, known));

async function decideAll(ctx: Ports, batch: LoadedBatch, known: Known): Promise<Decisions> {
  const [programs, assets] = await Promise.all([programsOf(ctx, batch.runs.map(({ versionId }) => versionId)), assetsOf(ctx, batch.locations)]);
  const histories = await historiesOf(ctx, batch.runs.flatMap(({ contact, versionId }) => recalling(contact.id, programs.get(versionId))), batch.now);
  const decisions: Decisions = { commits: [], failed: [], deferred: [] };
  const changed = new Set<string>();
  for (const loaded of batch.runs) {
    if (changed.has(loaded.contact.id)) {
      decisions.deferred.push(loaded.run.id);
      continue;
    }
    try {
      const commit = advanced(batch, loaded, { programs, assets, histories }, known);
      if (commit.transition.contact !== null) changed.add(loaded.contact.id);
      decisions.commits.push(commit);
    } catch (error) {
      decisions.failed.push({ loaded, reason: messageOf(error) });
    }
  }
  return decisions;
}

/** What the runs of a batch may read beside what was loaded. */
interface Around {
  programs: Map<string, Compiled>;
  assets: Map<string, Assets>;
  histories: Histories;
}

function advanced(batch: LoadedBatch, loaded: LoadedRun, { programs, assets, histories }: Around, { news, takenEmails, claimMs }: Known): RunCommit {
  const { run, contact, versionId, locationId, workflowName, paused, inbox } = loaded;
  const compiled = programs.get(versionId);
  const location = batch.locations.get(locationId);
  if (!compiled || 'error' in compiled) throw new Error(compiled?.error ?? `Version ${versionId} was not loaded.`);
  if (!location) throw new Error(`Location ${locationId} does not exist.`);
  const scene: Scene = {
    now: batch.now, contact, workflow: { id: run.workflowId, name: workflowName }, location, assets: assets.get(locationId) ?? NO_ASSETS, paused, stamp: Date.now(),
    history: historyFor(compiled.program, contact.id, histories), takenEmails: takenEmails?.get(run.id),
  };
  const inputs = inbox.map(({ input }) => input);
  const heard = news?.get(run.id);
  if (heard) inputs.push(heard);
  const transition = advance(compiled.program, run, inputs, scene);
  const { effect } = transition;
  return {
    loaded, transition, consumed: inbox.map(({ id }) => id), sendId: effect && sendIdOf(run.id, effect.stepId, effect.visit),
    claimMs: claimMs?.({ program: compiled.program, loaded, transition, location }),
  };
}

const recalling = (contactId: string, compiled: Compiled | undefined) => (compiled && 'program' in compiled ? [{ contactId, program: compiled.program }] : []);

const NO_ASSETS: Assets = { templates: {}, voicemails: {} };
