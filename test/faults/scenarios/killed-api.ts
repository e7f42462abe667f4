import { until } from '../../support/until.ts';
import { askApi } from '../api.ts';
import { readers } from '../readers.ts';
import { GOES_ON_MS, type Scenario } from '../scenario.ts';

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
    const ways = Object.entries(readers).flatMap(([way, follow]) => runs.map(({ id }) => ({ way, follow: () => follow(stage, id) })));
    const live = ways.map(({ follow }) => follow());
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
    const told = await Promise.all(ways.map(({ follow }) => follow()));
    const torn = ways.flatMap(({ way }, index) =>
      heard[index]!.length > 0 && JSON.stringify(heard[index]) === JSON.stringify(told[index])
        ? []
        : [`${way} was not resumed whole: heard ${heard[index]!.join(' ')}, told ${told[index]!.join(' ')}`],
    );
    return { injections: KILLS, slowestMs: crowd.standstill(), withinMs: GOES_ON_MS, problems: torn };
  },
};

