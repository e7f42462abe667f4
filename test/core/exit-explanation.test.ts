import { expect, it } from 'vitest';
import { given } from '../support/given.ts';

const rule = 'exit_conditions: [{ id: lost, if: [{ field: tags, operator: contains, value: lost }] }]';
const steps = 'steps: [{ id: tag, type: add_tag, config: { tag: lost } }, { id: nap, type: wait, config: { duration: 1d } }]';
const why = { verdict: true, text: expect.stringMatching(/^exit rule lost: yes: ✓ tags contains "lost"/), checks: [{ clause: 'tags contains "lost"', verdict: true }] };

it('an exit in the middle of a wait is explained in the row that it interrupted', () => {
  const run = given(`name: Test\ntrigger: { type: manual }\n${rule}\n${steps.replace('{ tag: lost }', '{ tag: fine }')}`).start();
  run.contact = { ...run.contact, tags: ['lost'] };
  expect(run.event('tag_added', { tag: 'lost' }).last.logs).toMatchObject([{ stepId: 'nap', output: { interrupted_by: 'lost' }, decision: why }]);
});

it('an exit between two steps is explained in the row before', () => {
  const run = given(`name: Test\ntrigger: { type: manual }\n${rule}\n${steps}`).start();
  expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'lost' });
  expect(run.trail).toMatchObject([{ stepId: 'tag', decision: why }]);
});
