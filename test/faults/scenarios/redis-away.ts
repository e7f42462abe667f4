import { until } from '../../support/until.ts';
import { askApi, failingChecks } from '../api.ts';
import { GOES_ON_MS, type Scenario } from '../scenario.ts';

const AWAY_MS = { tenth: 4_000, full: 60_000 } as const;

/** Redis is away for a while and comes back empty. The API lets people in meanwhile, and says what is missing. */
export const redisAway: Scenario = {
  name: 'Redis away, then back and empty',
  people: 3_000,
  explains: { troubles: ['redis'] },
  async inject(stage, crowd, full) {
    const { redis } = stage.servers;
    const problems: string[] = [];
    redis.cut();
    for (const { tenant, workflowId, contactIds } of crowd.parts) {
      const { status } = await askApi(stage, 'POST', `/api/workflows/${workflowId}/enroll`, { contact_ids: contactIds }, { authorization: `Bearer ${tenant.key}` });
      if (status !== 201) problems.push(`the API did not let people in while Redis was away: ${status}`);
    }
    await until('/readyz to name the queue', async () => (await failingChecks(stage)).includes('queue'), 90_000);
    stage.servers.signalRedis('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, full ? AWAY_MS.full : AWAY_MS.tenth));
    await until('Redis to be up and empty', () => stage.servers.flushRedis().then(() => true, () => false), 90_000);
    redis.mend();
    const back = await crowd.recovers();
    await until('/readyz to be content', async () => (await failingChecks(stage)).length === 0, 90_000);
    return { injections: 1, slowestMs: back, withinMs: GOES_ON_MS, problems };
  },
};
