import { askApi } from '../api.ts';
import type { Crowd } from '../crowd.ts';
import { IN_HAND, type Scenario } from '../scenario.ts';
import { CLOCK_SPEED, patiently, type ProcessName, type Stage } from '../stage.ts';

const LOAD_MS = { tenth: 15_000, full: 180_000 } as const;
/** Of the people, the share that is let in at once to see how many the machine takes. */
const PROBE = 0.05;
const EVERY_MS = 250;
const ASK_EVERY_MS = 100;
/** A request that died with PostgreSQL keeps its Idempotency-Key for a minute. */
const PATIENCE_MS = 150_000;
const KILLED: ProcessName[] = ['delivery', 'execution', 'scheduling', 'delivery-2', 'execution-2', 'triggers'];

/** Minutes of half of what the machine can do, with a worker killed every now and then, a FLUSHALL and a restart of PostgreSQL: how the API and the timers fare meanwhile. */
export const steadyLoad: Scenario = {
  name: 'half the peak, with faults',
  people: 30_000,
  explains: { troubles: ['killed', 'redis', 'postgres'], unknowns: 2 * IN_HAND },
  async inject(stage, crowd, full) {
    const ms = full ? LOAD_MS.full : LOAD_MS.tenth;
    const everybody = crowd.parts.map(({ contactIds }) => [...contactIds]);
    const letIn = async (people: number): Promise<void> => {
      await Promise.all(crowd.parts.map(async ({ tenant, workflowId }, index) => {
        const contactIds = everybody[index]!.splice(0, index === 0 ? people - Math.floor(people / 5) : Math.floor(people / 5));
        if (contactIds.length > 0) await patiently(() => accepted(stage, workflowId, contactIds, tenant.key), PATIENCE_MS);
      }));
    };
    const perSecond = await peak(crowd, letIn) / 2;
    const asking = new AbortController();
    const asked = askAllTheTime(stage, crowd, asking.signal);
    const faults = harm(stage, ms);
    const began = performance.now();
    let people = 0;
    const waves: Promise<void>[] = [];
    const failed: string[] = [];
    while (performance.now() - began < ms && everybody[0]!.length > 0) {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond) - people;
      if (due > 0) waves.push(letIn(due).catch((error: unknown) => void failed.push(String(error))));
      people += Math.max(0, due);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await Promise.all(waves);
    asking.abort();
    const [injections, answers] = [await faults, await asked];
    crowd.people -= everybody.flat().length;
    await crowd.settles();
    return {
      injections,
      slowestMs: crowd.standstill(),
      problems: failed,
      notes: [
        ...answers,
        await lateness(stage, crowd),
        `${Math.round(perSecond)} people a second for ${Math.round((performance.now() - began) / 1_000)} s: ${people * 4} sends, ${people * 10} steps`,
      ],
    };
  },
};

/** How many people a second go all the way when all come at once. */
async function peak(crowd: Crowd, letIn: (people: number) => Promise<void>): Promise<number> {
  const people = Math.floor(crowd.people * PROBE);
  const began = performance.now();
  crowd.begins();
  await letIn(people);
  await crowd.share(PROBE * 0.98);
  return people / ((performance.now() - began) / 1_000);
}

async function accepted(stage: Stage, workflowId: string, contactIds: string[], key: string): Promise<void> {
  const { status } = await askApi(
    stage,
    'POST',
    `/api/workflows/${workflowId}/enroll`,
    { contact_ids: contactIds },
    { authorization: `Bearer ${key}`, 'idempotency-key': contactIds[0]! },
  );
  if (status >= 400) throw new Error(`enrolling was answered ${status}`);
}

/** Reads as a dashboard does, again and again; says how long the answers took. */
async function askAllTheTime(stage: Stage, { parts: [{ workflowId }] }: Crowd, signal: AbortSignal): Promise<string[]> {
  const doors: [string, string, object?][] = [
    ['GET', `/api/workflows/${workflowId}`],
    ['GET', `/api/workflows/${workflowId}/stats`],
    ['GET', '/api/workflows'],
    ['POST', '/graphql', { query: '{ workflows(first: 10) { nodes { id name status } } }' }],
  ];
  const took: number[] = [];
  let refused = 0;
  const ask = async ([method, path, body]: (typeof doors)[number]): Promise<void> => {
    const began = performance.now();
    const status = await askApi(stage, method, path, body).then((answer) => answer.status, () => 599);
    if (status >= 500) refused += 1;
    else took.push(performance.now() - began);
  };
  const all: Promise<void>[] = [];
  for (let n = 0; !signal.aborted; n += 1) {
    all.push(ask(doors[n % doors.length]!));
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  await Promise.all(all);
  took.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0);
  return [`API under load: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${took.length} answers; ${refused} were refused while PostgreSQL was away`];
}

/** A worker killed six times, Redis emptied after a third and PostgreSQL restarted after two thirds of the time. Gives how often harm was done. */
async function harm(stage: Stage, ms: number): Promise<number> {
  const pause = (part: number) => new Promise((resolve) => setTimeout(resolve, ms * part));
  const parts = KILLED.map((name) => () => void stage.signal(name, 'SIGKILL'));
  const deeds: (() => unknown)[] = [
    ...parts.slice(0, 3),
    () => stage.servers.flushRedis(),
    ...parts.slice(3),
    () => stage.whole().then(() => stage.servers.signalPostgres('SIGINT')),
  ];
  for (const deed of deeds) {
    await pause(0.9 / deeds.length);
    await deed();
  }
  return deeds.length;
}

/** How long after its due time a wait was over, in machine ms. */
async function lateness(stage: Stage, crowd: Crowd): Promise<string> {
  const [row] = await stage.ask<{ p50: number; p99: number; worst: number; n: number }>(
    `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY late) AS p50, percentile_disc(0.99) WITHIN GROUP (ORDER BY late) AS p99, max(late) AS worst, count(*)::int AS n FROM (
       SELECT date_part('epoch', l.completed_at - l.started_at - CASE l.step_id WHEN 'pause' THEN interval '1 hour' ELSE interval '30 minutes' END) * 1000 / $2 AS late
       FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = ANY($1) AND l.step_id IN ('pause', 'nap')) x`,
    [crowd.parts.map(({ workflowId }) => workflowId), CLOCK_SPEED],
  );
  const { p50, p99, worst, n } = row!;
  return `steps late: p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms, at most ${Math.round(worst)} ms of ${n} waits, the kills of the scheduling worker and the restart among them`;
}
