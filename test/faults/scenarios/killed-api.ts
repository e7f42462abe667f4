import { until } from '../../support/until.ts';
import { askApi } from '../api.ts';
import { GOES_ON_MS, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const READERS = 5;
const KILLS = 3;

/** The API is killed while readers follow runs: work goes on without it, and each reader goes on behind its last event. */
export const killedApi: Scenario = {
  name: 'the API killed under its readers',
  people: 2_000,
  explains: { troubles: ['killed'] },
  async inject(stage, crowd) {
    const [{ workflowId }] = crowd.parts;
    await crowd.enroll();
    const runs = await stage.ask<{ id: string }>('SELECT id FROM workflow_enrollments WHERE workflow_id = $1 LIMIT $2', [workflowId, READERS]);
    const live = runs.map(({ id }) => follow(stage, id));
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await crowd.share((0.7 * kill) / KILLS);
      const before = stage.pid('api');
      stage.signal('api', 'SIGKILL');
      await crowd.recovers();
      await until('a new API', () => ![before, undefined].includes(stage.pid('api')), 90_000);
      await until('it to answer', () => askApi(stage, 'GET', '/healthz').then(({ status }) => status === 200, () => false), 90_000);
    }
    await crowd.settles();
    const heard = await Promise.all(live);
    const told = await Promise.all(runs.map(({ id }) => follow(stage, id)));
    const torn = heard.filter((events, index) => JSON.stringify(events) !== JSON.stringify(told[index]) || events.length === 0);
    return { injections: KILLS, slowestMs: crowd.standstill(), withinMs: GOES_ON_MS, problems: torn.map((events, index) => `a stream was not resumed whole: heard ${events.join(' ')}, told ${told[index]!.join(' ')}`) };
  },
};

/** Follows a run's log to its end, as EventSource does: it comes back behind the last event that it has. Gives the ids of the events. */
async function follow(stage: Stage, enrollmentId: string): Promise<string[]> {
  const ids: string[] = [];
  for (const deadline = Date.now() + 180_000; Date.now() < deadline;) {
    const over = await listen(stage, enrollmentId, ids).catch(() => false);
    if (over) return ids;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The stream of ${enrollmentId} did not end.`);
}

/** True when the server said that there is no more. */
async function listen(stage: Stage, enrollmentId: string, ids: string[]): Promise<boolean> {
  const last = ids.at(-1);
  const response = await fetch(`${stage.apiUrl}/api/enrollments/${enrollmentId}/logs`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${stage.tenants[0].key}`, ...(last && { 'last-event-id': last }) },
  });
  if (response.status === 204) return true;
  if (response.status !== 200 || !response.body) return false;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + chunk).split('\n\n');
    text = frames.pop()!;
    for (const frame of frames) ids.push(.../^id: ?(.+)$/m.exec(frame)?.slice(1) ?? []);
  }
  return false;
}
