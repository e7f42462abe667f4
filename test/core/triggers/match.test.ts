import { describe, expect, it } from 'vitest';
import { buildTriggerIndex, matchEvent, type Candidate } from '../../../src/core/triggers/match.ts';
import type { Data } from '../../../src/core/state.ts';
import { eventOf, programOf } from '../../support/given.ts';

const candidate = (workflowId: string, trigger: string, locationId = 'here'): Candidate => ({
  workflowId,
  locationId,
  versionId: `${workflowId}-1`,
  name: workflowId,
  program: programOf(`name: ${workflowId}\n${trigger}\nsteps:\n  - { id: one, type: set, config: { values: {} } }`),
});

const index = buildTriggerIndex([
  candidate('created', 'trigger: { type: contact_created }'),
  candidate('imported', 'trigger: { type: contact_created, on_import: enroll }'),
  candidate('any-tag', 'trigger: { type: tag_added }'),
  candidate('vip', 'trigger: { type: tag_added, tag: vip }'),
  candidate('untagged', 'trigger: { type: tag_removed, config: { tag: vip } }'),
  candidate('updated', 'trigger: { type: contact_updated }'),
  candidate('email', 'trigger: { type: contact_updated, fields: [email] }'),
  candidate('to-pro', 'trigger: { type: contact_updated, fields: [custom_fields.plan], changed_to: pro }'),
  candidate('to-fifty', 'trigger: { type: contact_updated, fields: [custom_fields.score], changed_to: 50 }'),
  candidate('to-day', 'trigger: { type: contact_updated, fields: [custom_fields.day], changed_to: 2026-03-02T00:00:00Z }'),
  candidate('two', 'triggers: [{ type: tag_added, tag: vip }, { type: contact_created }]'),
  candidate('by-hand', 'trigger: { type: manual }'),
  candidate('elsewhere', 'trigger: { type: tag_added, tag: vip }', 'there'),
]);

describe('an event meets the workflows that it fires', () => {
  it.each<[string, Data, string, string[]]>([
    ['contact_created', {}, 'api', ['created', 'imported', 'two']],
    ['contact_created', {}, 'import', ['imported']],
    ['tag_added', { tag: 'vip' }, 'api', ['vip', 'two', 'any-tag']],
    ['tag_added', { tag: 'new' }, 'api', ['any-tag']],
    ['tag_removed', { tag: 'vip' }, 'api', ['untagged']],
    ['tag_removed', {}, 'api', []],
    ['contact_updated', { changes: { email: { from: 'a', to: 'b' } } }, 'api', ['updated', 'email']],
    ['contact_updated', { changes: { 'custom_fields.plan': { from: null, to: 'pro' } } }, 'api', ['updated', 'to-pro']],
    ['contact_updated', { changes: { 'custom_fields.plan': { from: 'pro', to: 'free' } } }, 'api', ['updated']],
    ['contact_updated', { changes: { 'custom_fields.score': { from: null, to: 50 } } }, 'api', ['updated', 'to-fifty']],
    ['contact_updated', { changes: { 'custom_fields.score': { from: 49, to: '50' } } }, 'api', ['updated', 'to-fifty']],
    ['contact_updated', { changes: { 'custom_fields.score': { from: 50, to: null } } }, 'api', ['updated']],
    ['contact_updated', { changes: { 'custom_fields.day': { from: null, to: '2026-03-02T01:00:00+01:00' } } }, 'api', ['updated', 'to-day']],
    ['contact_updated', {}, 'api', []],
    ['manual', {}, 'api', []],
    ['unheard_of', {}, 'api', []],
  ])('%s %j from %s', (type, data, source, workflows) => {
    const matches = matchEvent(index, 'here', { ...eventOf(type, data), source });
    expect(matches.map(({ candidate: { workflowId } }) => workflowId)).toEqual(workflows);
  });
});
