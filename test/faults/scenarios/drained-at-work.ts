import { updateWorkflow, getWorkflow } from '../../../src/services/workflows.ts';
import { publishWorkflow } from '../../../src/services/publishing.ts';
import { archiveWorkflow } from '../../../src/services/lifecycle.ts';
import { importWorkflow } from '../../../src/services/transfer.ts';
import { until } from '../../support/until.ts';
import type { Crowd } from '../crowd.ts';
import { type Scenario } from '../scenario.ts';
import type { ProcessName, Stage } from '../stage.ts';

const DRAINED: ProcessName[] = ['scheduling', 'execution', 'scheduling', 'execution-2', 'scheduling'];
const WAIT_MS = 90_000;

/** Every journey hour, which is every second: whoever of the crowd was not yet there walks in. */
const walk = (mark: string): string => `
name: A walk
trigger:
  type: schedule
  cron: "0 * * * *"
  catch_up: last
  filters: [{ field: first_name, operator: starts_with, value: "${mark}-" }]
settings: { reentry: never }
steps:
  - { id: count, type: update_contact, config: { increment: { custom_fields.walks: 1 } } }
`;

/** SIGTERM to the scheduling worker while it walks through contacts and takes people along to a new version: whoever comes after it goes on, and nobody is taken twice. */
export const drainedAtWork: Scenario = {
  name: 'drained with a walk and a migration in hand',
  people: 3_000,
  explains: { troubles: ['drained'] },
  async inject(stage, crowd) {
    const [{ tenant, workflowId, contactIds, mark }] = crowd.parts;
    const { ctx } = stage.house;
    const walking = (await importWorkflow(ctx, tenant.who, { source: { format: 'yaml', text: walk(mark) } })).workflow!.id;
    await crowd.enroll();
    await crowd.share(0.15);
    await publishWorkflow(ctx, tenant.who, { id: walking });
    await publishAgain(stage, crowd);
    for (const name of DRAINED) {
      const before = stage.pid(name);
      stage.signal(name, 'SIGTERM');
      await until(`a new ${name}`, () => ![before, undefined].includes(stage.pid(name)), WAIT_MS);
      await stage.whole();
    }
    const walked = async (): Promise<number> =>
      (await stage.ask<{ n: number }>("SELECT count(*)::int AS n FROM workflow_enrollments WHERE workflow_id = $1 AND status = 'completed'", [walking]))[0]!.n;
    await until('everybody to be walked in', async () => (await walked()) === contactIds.length, WAIT_MS);
    await crowd.settles();
    await archiveWorkflow(ctx, tenant.who, { id: walking, force: true });
    const twice = await stage.ask("SELECT id FROM contacts WHERE id = ANY($1) AND (custom_fields->>'walks')::int IS DISTINCT FROM 1", [contactIds]);
    const versions = await stage.ask<{ number: number; n: number }>(
      'SELECT v.number, count(*)::int AS n FROM workflow_enrollments e JOIN workflow_versions v ON v.id = e.version_id WHERE e.workflow_id = $1 GROUP BY 1 ORDER BY 1',
      [workflowId],
    );
    return {
      injections: DRAINED.length,
      slowestMs: crowd.standstill(),
      problems: [
        ...(twice.length > 0 ? [`each walks in once: not so for ${twice.length}`] : []),
        ...(versions.some(({ number, n }) => number === 2 && n > 0) ? [] : [`nobody was taken along to the new version: ${JSON.stringify(versions)}`]),
      ],
    };
  },
};

/** The same steps with other words, and whoever is inside is taken along. */
async function publishAgain(stage: Stage, { parts: [{ tenant, workflowId }], source }: Crowd): Promise<void> {
  const { ctx } = stage.house;
  const { revision } = await getWorkflow(ctx, tenant.who, { id: workflowId });
  await updateWorkflow(ctx, tenant.who, { id: workflowId, expectedRevision: revision, source: { format: 'yaml', text: source.replace('subject: "Hi ', 'subject: "Hello ') } });
  await publishWorkflow(ctx, tenant.who, { id: workflowId, policy: 'migrate' });
}
