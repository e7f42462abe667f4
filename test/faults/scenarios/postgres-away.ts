import { until } from '../../support/until.ts';
import { askApi, failingChecks } from '../api.ts';
import { IN_HAND, type Scenario } from '../scenario.ts';

const AWAY_MS = { tenth: 3_000, full: 30_000 } as const;

/** PostgreSQL is out of reach: every door answers 503 and when to come again, and all is well by itself when it is back. */
export const postgresAway: Scenario = {
  name: 'PostgreSQL out of reach',
  people: 2_000,
  explains: { troubles: ['postgres'], unknowns: 2 * IN_HAND },
  async inject(stage, crowd, full) {
    const { postgres } = stage.servers;
    const [{ workflowId }] = crowd.parts;
    const doors: [string, string, object?][] = [
      ['GET', '/api/workflows'],
      ['GET', `/api/workflows/${workflowId}`],
      ['POST', '/api/contacts', { first_name: 'Nobody', email: 'nobody@example.com' }],
      ['POST', '/graphql', { query: '{ workflows { nodes { id } } }' }],
      ['GET', '/readyz'],
    ];
    await crowd.enroll();
    await crowd.share(0.2);
    postgres.cut();
    const problems: string[] = [];
    for (const [method, path, body] of doors) {
      const { status, headers, body: said } = await askApi(stage, method, path, body);
      const unavailable = status === 503 || JSON.stringify(said).includes('"UNAVAILABLE"');
      if (!unavailable) problems.push(`${method} ${path} answered ${status} while PostgreSQL was away: ${JSON.stringify(said).slice(0, 200)}`);
      else if (status === 503 && !headers.has('retry-after')) problems.push(`${method} ${path} answered 503 without Retry-After`);
    }
    const alive = await askApi(stage, 'GET', '/healthz');
    if (alive.status !== 200) problems.push(`/healthz answered ${alive.status}`);
    await new Promise((resolve) => setTimeout(resolve, full ? AWAY_MS.full : AWAY_MS.tenth));
    postgres.mend();
    const back = await crowd.recovers();
    await until('the API to answer again', async () => (await askApi(stage, 'GET', '/api/workflows')).status === 200, 90_000);
    await until('/readyz to be content', async () => (await failingChecks(stage)).length === 0, 90_000);
    return { injections: 1, slowestMs: back, problems };
  },
};
