import { describe, expect, it } from 'vitest';
import { checkConditions } from '../../../src/core/conditions/check.ts';
import { evaluateConditions } from '../../../src/core/conditions/evaluate.ts';
import { pastEvent, recallRequests, recallsOf, type PastEvent } from '../../../src/core/conditions/recall.ts';
import { conditionList } from '../../../src/core/conditions/schema.ts';
import { lintDefinition } from '../../../src/core/definition/lint/index.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { DAY, given, HOUR, programOf } from '../../support/given.ts';
import { NOW, scopeWith } from '../templates/scope-fixture.ts';

const opened = (daysAgo: number, stepId: string | null = null, enrollmentId: string | null = null): PastEvent => ({
  type: 'email_opened',
  at: NOW - daysAgo * DAY,
  stepId,
  enrollmentId,
});
const bought: PastEvent = { type: 'order.placed', at: NOW, stepId: null, enrollmentId: null };
const events = [opened(1, 'welcome', 'e1'), opened(2, 'welcome', 'e2'), opened(5, 'offer', 'e1'), opened(40), bought];
const scope = scopeWith({ history: { enrollmentId: 'e1', events } });

describe('behaviour conditions', () => {
  it.each([
    ['at least once when nothing else is said', { event: 'email_opened' }, true],
    ['a custom event by its name', { event: 'order.placed' }, true],
    ['an event that never happened', { event: 'page_viewed' }, false],
    ['within: the window ends now', { event: 'email_opened', within: '3d', count: 2 }, true],
    ['within: its first moment counts', { event: 'email_opened', within: '2d', count: 2 }, true],
    ['within: nothing older', { event: 'email_opened', within: '1d12h', count: { gte: 2 } }, false],
    ['step: this enrollment\'s sends of that step alone', { event: 'email_opened', step: 'welcome', count: 1 }, true],
    ['step and within', { event: 'email_opened', step: 'offer', within: '3d' }, false],
    ['count: a number', { event: 'email_opened', count: 4 }, true],
    ['count: eq', { event: 'email_opened', count: { eq: 3 } }, false],
    ['count: neq', { event: 'email_opened', count: { neq: 3 } }, true],
    ['count: gt', { event: 'email_opened', count: { gt: 4 } }, false],
    ['count: gte', { event: 'email_opened', count: { gte: 4 } }, true],
    ['count: lt', { event: 'email_opened', count: { lt: 4 } }, false],
    ['count: lte', { event: 'email_opened', count: { lte: 4 } }, true],
    ['count: two comparisons that must both hold', { event: 'email_opened', count: { greater_than: 1, less_than: 4 } }, false],
    ['count: 0 for what did not happen', { event: 'sms_received', count: 0 }, true],
    ['not: the other way to say so', { not: { event: 'sms_received' } }, true],
    ['in groups beside other leaves', { any: [{ event: 'sms_received' }, { field: 'tags', operator: 'contains', value: 'VIP' }] }, true],
  ])('%s', (_name, condition, verdict) => {
    expect(conditionList.parse(condition)).toEqual([condition]);
    expect(evaluateConditions([condition], scope).verdict).toBe(verdict);
  });

  it('says in the log what was counted', () => {
    expect(evaluateConditions([{ event: 'email_opened', step: 'welcome', within: '3d', count: { gte: 2 } }], scope)).toEqual({
      verdict: false,
      text: 'no: ✗ email_opened of welcome within 3d, count greater_or_equal 2 (saw {"count":1,"last":"2026-03-01T10:00:00+01:00"})',
      checks: [
        {
          clause: 'email_opened of welcome within 3d, count greater_or_equal 2',
          depth: 0,
          path: null,
          operator: 'event',
          expected: { greater_or_equal: 2 },
          actual: { count: 1, last: '2026-03-01T10:00:00+01:00' },
          verdict: false,
        },
      ],
    });
  });

  it('says when there were more than it needed to count', () => {
    const many = scopeWith({ history: { enrollmentId: 'e1', events: Array.from({ length: 101 }, () => bought) } });
    expect(evaluateConditions([{ event: 'order.placed', count: { gt: 5 } }], many).checks[0]?.actual).toMatchObject({ count: 101, at_least: true });
  });

  it('are never answered from a history that nobody read', () => {
    expect(() => evaluateConditions([{ event: 'email_opened' }], scopeWith())).toThrow('history was not read');
  });
});

describe('checkConditions, behaviour', () => {
  it.each([
    [{ event: 5 }, 'condition_event', ['event'], 'named by its type'],
    [{ event: 'email opened' }, 'condition_event', ['event'], 'named by its type'],
    [{ event: '{{trigger.type}}' }, 'condition_event', ['event'], 'named by its type'],
    [{ event: 'a', step: 5 }, 'condition_shape', ['step'], 'by its id'],
    [{ event: 'a', wihtin: '3d' }, 'unknown_key', ['wihtin'], 'no key'],
    [{ event: 'a', field: 'tags' }, 'unknown_key', ['field'], 'no key'],
    [{ event: 'a', within: 'soon' }, 'condition_value', ['within'], 'duration'],
    [{ event: 'a', within: 3 }, 'condition_value', ['within'], 'duration'],
    [{ event: 'a', within: 0 }, 'condition_value', ['within'], 'no time'],
    [{ event: 'a', within: '9999d' }, 'condition_value', ['within'], 'longest'],
    [{ event: 'a', count: 'two' }, 'condition_shape', ['count'], 'a number or a comparison'],
    [{ event: 'a', count: {} }, 'condition_shape', ['count'], 'a number or a comparison'],
    [{ event: 'a', count: [1] }, 'condition_shape', ['count'], 'a number or a comparison'],
    [{ event: 'a', count: { gtee: 1 } }, 'unknown_operator', ['count', 'gtee'], 'compared by "gtee"'],
    [{ event: 'a', count: { contains: 1 } }, 'unknown_operator', ['count', 'contains'], 'compared by'],
    [{ event: 'a', count: { gte: -1 } }, 'condition_value', ['count', 'greater_or_equal'], 'whole number'],
    [{ event: 'a', count: 1.5 }, 'condition_value', ['count'], 'whole number'],
    [{ event: 'a', count: { gte: 1001 } }, 'condition_value', ['count', 'greater_or_equal'], '1000'],
    [{ event: 'a', count: { gte: '1' } }, 'condition_value', ['count', 'greater_or_equal'], 'whole number'],
    [{ field: 'tags', operator: 'is_set', within: '3d' }, 'unknown_key', ['within'], 'no key'],
  ])('%j is %s', (leaf, rule, path, words) => {
    const [fault] = checkConditions(leaf);
    expect(fault).toMatchObject({ rule, kind: 'structure', path: path.map((part) => (part === 'greater_or_equal' ? 'gte' : part)) });
    expect(fault?.message).toContain(words);
    expect(conditionList.safeParse(leaf).success).toBe(false);
  });

  it('less than 0 times refuses publishing', () => {
    expect(checkConditions({ event: 'a', count: { lt: 0 } })).toMatchObject([{ rule: 'condition_value', kind: 'reference', path: ['count', 'lt'] }]);
  });
});

const diagnosed = (yaml: string) => {
  const { definition } = readDefinition({ format: 'yaml', text: yaml });
  return lintDefinition(definition!)
    .filter(({ rule }) => rule === 'behaviour_step' || rule === 'event_name')
    .map(({ rule, severity, path, hint }) => [rule, severity, path.join('.'), hint]);
};

describe('lint of behaviour conditions', () => {
  it('wants a step that exists, in a place where there is a run, and wonders at names', () => {
    const yaml = `
name: Test
trigger: { type: manual, filters: [{ event: email_opened, step: mail }] }
exit_conditions: [{ id: gone, if: [{ not: { event: email_clickd } }] }]
steps:
  - { id: mail, type: send_email, config: { template_id: welcome } }
  - { id: check, type: condition, config: { if: [{ any: [{ event: email_opened, step: mial }, { event: order.placed }] }] } }`;
    expect(diagnosed(yaml)).toEqual([
      ['behaviour_step', 'error', 'trigger.filters.0.step', 'Leave "step" out: then the whole history of the contact counts.'],
      ['behaviour_step', 'error', 'steps.1.config.if.0.any.0.step', 'Did you mean "mail"?'],
      ['event_name', 'warning', 'exit_conditions.0.if.0.not.event', 'Did you mean "email_clicked"?'],
    ]);
  });

  it('wonders at names that an exit rule or a wait hears, too', () => {
    const yaml = `
name: Test
trigger: { type: manual }
exit_conditions: [{ id: gone, on: tag_addded }, { id: paid, on: order.paid }]
steps:
  - { id: read, type: wait, config: { for: { event: email_openned }, timeout: 1d } }
  - { id: paid, type: wait, config: { for: { event: order.paid }, timeout: 1d } }`;
    expect(diagnosed(yaml)).toEqual([
      ['event_name', 'warning', 'exit_conditions.0.on', 'Did you mean "tag_added"?'],
      ['event_name', 'warning', 'steps.0.config.for.event', 'Did you mean "email_opened"?'],
    ]);
  });
});

describe('what a program recalls', () => {
  it('comes from filters, exit rules, guards, and every condition of its steps, each type once', () => {
    const program = programOf(`
name: Test
trigger: { type: manual, filters: [{ event: signed_up, within: 30d }] }
exit_conditions: [{ id: gone, if: [{ event: signed_up, within: 2d, count: { gte: 400 } }] }]
steps:
  - { id: note, type: set, if: [{ not: { any: [{ event: replied }] } }], config: { values: { event: nothing } } }
  - { id: check, type: condition, config: { if: { all: [{ event: email_opened, step: note, within: 3d }] } } }
  - { id: won, type: goal, config: { condition: { event: replied, within: 1d }, timeout: 7d } }`);
    expect(program.recalls).toEqual([
      { type: 'signed_up', windowMs: 30 * DAY, most: 401 },
      { type: 'replied', windowMs: null, most: 100 },
      { type: 'email_opened', windowMs: 3 * DAY, most: 1001 },
    ]);
  });

  it('is nothing for most programs', () => {
    expect(programOf('steps: [{ id: a, type: wait, config: { duration: 1d } }]').recalls).toEqual([]);
    expect(recallsOf([{ field: 'event.type', operator: 'equals', value: 'x' }])).toEqual([]);
  });

  it('is asked once for each contact and type, as far back as any of its runs wants', () => {
    const day = { type: 'a', windowMs: DAY, most: 100 };
    expect(
      recallRequests(
        [
          { contactId: 'c1', recalls: [day] },
          { contactId: 'c1', recalls: [{ ...day, windowMs: 2 * DAY, most: 5 }] },
          { contactId: 'c2', recalls: [{ ...day, windowMs: null }] },
        ],
        NOW,
      ),
    ).toEqual([
      { contactId: 'c1', type: 'a', since: NOW - 2 * DAY, most: 100 },
      { contactId: 'c2', type: 'a', since: null, most: 100 },
    ]);
  });

  it('leaves machines out', () => {
    expect(pastEvent({ type: 'email_opened', at: 1, data: { machine: true } })).toBeNull();
    expect(pastEvent({ type: 'email_opened', at: 1, data: { machine: false, step_id: 's', enrollment_id: 'e' } })).toEqual({
      type: 'email_opened',
      at: 1,
      stepId: 's',
      enrollmentId: 'e',
    });
  });
});

describe('a run', () => {
  const counting = 'steps: [{ id: tag, type: add_tag, config: { tag: vip } }, { id: check, type: condition, config: { if: [{ event: tag_added, within: 1h, count: 2 }] } }]';

  it('counts what it caused itself a step before', () => {
    const before: PastEvent = { type: 'tag_added', at: NOW - HOUR, stepId: null, enrollmentId: null };
    const run = given(counting, { scene: { now: NOW, history: [before] } }).start();
    expect(run.path()).toEqual(['tag:completed:next', 'check:completed:then']);
    expect(given(counting, { scene: { now: NOW, history: [] } }).start().path()).toEqual(['tag:completed:next', 'check:completed:else']);
  });

  it('fails a step, and says why, when its history was not read', () => {
    const run = given(counting).start();
    expect(run.last.state.exitReason).toBe('step_failed:check');
    expect(run.trail.at(-1)?.error).toContain('history was not read');
  });

  it('keeps the decision of a guard beside the step\'s own', () => {
    const guarded = (type: string, config: string) =>
      given(`steps: [{ id: s, type: ${type}, if: [{ field: email, operator: is_set }], config: ${config} }]`).start().trail[0]?.decision;
    expect(guarded('set', '{ values: { a: 1 } }')).toMatchObject({ verdict: true, checks: [{ clause: 'email is_set' }] });
    expect(guarded('condition', '{ if: [{ field: phone, operator: is_not_set }] }')).toMatchObject({
      verdict: false,
      text: expect.stringMatching(/^if yes: .*; then no: /),
      checks: [{ clause: 'email is_set' }, { clause: 'phone is_not_set' }],
    });
  });
});
