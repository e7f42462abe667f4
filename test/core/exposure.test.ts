import { describe, expect, it } from 'vitest';
import { given } from '../support/given.ts';

const split = (id: string, more = ''): string => `  - { id: ${id}, type: ab_split, config: { variants: [{ name: A, weight: 1 }]${more} } }\n`;
const goal = (id: string): string => `  - { id: ${id}, type: goal, config: { condition: { field: tags, operator: contains, value: won } } }\n`;
const won = { contact: { tags: ['won'] } };

describe('a conversion', () => {
  it.each([
    ['is a goal that is reached after the split', split('ab') + goal('g'), ['ab']],
    ['is none when the goal came before it', goal('g') + split('ab'), []],
    ['counts for every split on the way, by its key', split('ab', ', key: offer') + split('cd') + goal('g'), ['offer', 'cd']],
    ['counts once however many goals follow', split('ab') + goal('g') + goal('h'), ['ab']],
    ['is none without a split', goal('g'), []],
  ])('%s', (_name, steps, conversions) => {
    expect(given(`steps:\n${steps}`, won).start().last.conversions).toEqual(conversions);
  });

  it('remembers over commits what the run was exposed to', () => {
    const run = given(`steps:\n${split('ab')}${goal('g')}`).start();
    expect(run.last).toMatchObject({ assignments: [{ stepId: 'ab', key: 'ab', variant: 'A' }], conversions: [] });
    expect(run.run.state.position.exposed).toEqual(['ab']);
    run.contact = { ...run.contact, tags: ['won'] };
    expect(run.event('tag_added', { tag: 'won' }).last).toMatchObject({ goals: ['g'], conversions: ['ab'] });
  });

  it('of a rendered key is kept under no more than the column holds', () => {
    const run = given(`steps:\n${split('ab', ', key: "{{contact.first_name}}"')}`, { contact: { first_name: 'x'.repeat(200) } }).start();
    expect(run.last.assignments[0]?.key).toBe('x'.repeat(100));
  });
});

describe('a failed step', () => {
  it.each([
    ['is left by no edge', '', 's:failed'],
    ['is left as others are with on_error: continue', ', on_error: continue', 's:failed:next'],
    ['is left by its error edge with on_error: a step', ', on_error: after', 's:failed:$error'],
  ])('%s', (_name, more, row) => {
    expect(
      given(`steps:\n  - { id: s, type: update_contact, config: { increment: { first_name: 1 } }${more} }\n  - { id: after, type: set, config: { values: { a: 1 } } }`)
        .start()
        .path()[0],
    ).toBe(row);
  });
});
