import { describe, expect, test } from 'vitest';
import { compile, CompileError, compileStored } from '../../../src/core/definition/compile.ts';
import type { Definition } from '../../../src/core/definition/definition.ts';
import { explicitSource } from '../../../src/core/definition/explicit.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { meaningOf } from '../../../src/core/definition/meaning.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { writeYaml } from '../../../src/core/definition/yaml.ts';
import { findStep } from '../../../src/core/steps/index.ts';
import fc from '../../support/property.ts';
import { definitionSource } from './arbitrary.ts';
import { mustRead, sketch } from './source.ts';

const full = `
name: Full
description: All the settings
version: 3
triggers:
  - { type: tag_added, tag: vip, filters: [{ field: email, operator: is_set }] }
  - { type: tag_removed, config: { tag: vip }, on_import: enroll, filters: [] }
settings:
  reentry: { after: 30d }
  entry_key: "{{trigger.data.order_id}}"
  timezone: Europe/Berlin
  quiet_hours: { from: "21:00", to: "08:00" }
  max_run_age: 52w
exit_conditions:
  - { id: booked, on: tag_added, if: [{ field: tags, operator: contains, value: booked }], status: completed, reason: done }
  - { if: { field: email, operator: is_not_set } }
steps:
  - { id: a, type: http_request, label: Call, config: { url: "https://x.test" }, retry: { attempts: 3, backoff: 1m }, on_error: b, if: { field: email, operator: is_set } }
  - { id: b, type: wait, config: { duration: 1d } }
tests: [{ name: t, expect: { status: completed } }]
layout: { positions: { a: { x: 1, y: 2 } } }
`;

describe('compile', () => {
  test('takes over everything', () => {
    const program = compile(mustRead(full));
    expect(program).toMatchObject({
      name: 'Full',
      entry: { stepId: 'a' },
      order: ['a', 'b'],
      triggers: [
        { type: 'tag_added', config: { tag: 'vip' }, filters: [{ field: 'email', operator: 'is_set' }], onImport: 'ignore' },
        { type: 'tag_removed', config: { tag: 'vip' }, filters: [], onImport: 'enroll' },
      ],
      exitConditions: [
        { id: 'booked', on: 'tag_added', status: 'completed', reason: 'done' },
        { id: 'exit_condition_2', on: null, status: 'exited', reason: 'exit_condition_2' },
      ],
      settings: { reentry: { afterMs: 30 * 86_400_000 }, entryKey: '{{trigger.data.order_id}}', timezone: 'Europe/Berlin', maxRunAgeMs: 364 * 86_400_000 },
    });
    expect(program.listens).toEqual(['*', 'tag_added']);
    expect(program.steps.get('a')).toMatchObject({
      type: 'webhook',
      label: 'Call',
      onError: { stepId: 'b' },
      retry: { attempts: 3, backoffMs: 60_000 },
      edges: { next: { stepId: 'b' } },
      if: [{ field: 'email' }],
    });
    expect(program.steps.get('b')).toMatchObject({ label: null, onError: 'fail', retry: null, if: null });
  });

  test('has defaults', () => {
    expect(compile(mustRead(sketch(['a'])))).toMatchObject({
      settings: { reentry: 'never', entryKey: null, timezone: 'contact', maxRunAgeMs: null },
      exitConditions: [],
      listens: [],
    });
  });

  test('a definition keeps its source, durations unread', () => {
    const definition = mustRead(full);
    expect(definition).toMatchObject({
      description: 'All the settings',
      version: 3,
      tests: [{ name: 't' }],
      settings: { quietHours: { channels: ['sms', 'voice'] }, maxRunAge: '52w' },
    });
    expect(definition.source['settings']).toMatchObject({ reentry: { after: '30d' }, max_run_age: '52w' });
  });

  test('an unknown handler of a draft is as good as none', () => {
    expect(compile(mustRead(sketch(['a on_error=nope']))).steps.get('a')?.onError).toBe('fail');
    expect(compile(mustRead(sketch(['a on_error=continue']))).steps.get('a')?.onError).toBe('continue');
  });

  test('what is stored compiles to the same', () => {
    const { raw } = readDefinition({ format: 'yaml', text: full });
    expect(compileStored(JSON.parse(JSON.stringify(raw)))).toEqual(compile(mustRead(full)));
  });

  test.each([[{ name: 'N' }, /"steps" is missing/], [null, /empty/]])('what is no definition is refused: %j', (stored, message) => {
    expect(() => compileStored(stored)).toThrow(CompileError);
    expect(() => compileStored(stored)).toThrow(message);
  });

  test('every outcome of every step has an edge', () => {
    fc.assert(
      fc.property(definitionSource, (source) => {
        const { definition, diagnostics } = readDefinition({ format: 'json', value: source });
        if (!definition) throw new Error(JSON.stringify(diagnostics));
        const program = compile(definition);
        for (const step of program.steps.values()) {
          for (const outcome of [...findStep(step.type)!.outcomes(step.config), 'next']) {
            const target = step.edges[outcome];
            expect(target !== undefined && ('end' in target || program.steps.has(target.stepId))).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('export then import is the identity, as YAML and as stored', () => {
    fc.assert(
      fc.property(definitionSource, (source) => {
        const { raw, definition } = readDefinition({ format: 'json', value: source });
        const again = readDefinition({ format: 'yaml', text: writeYaml(raw) });
        expect(again.raw).toEqual(raw);
        expect(meaningOf(again.definition!)).toEqual(meaningOf(definition!));
        expect(readDefinition({ format: 'json', value: raw }).raw).toEqual(raw);
      }),
      { numRuns: 200 },
    );
  });

  test('writing every next changes no path, and leaves nothing to infer', () => {
    fc.assert(
      fc.property(definitionSource, (source) => {
        const definition = readDefinition({ format: 'json', value: source }).definition!;
        const written = readDefinition({ format: 'json', value: explicitSource(definition) });
        expect(written.diagnostics.filter(({ rule }) => rule === 'fall_through')).toEqual([]);
        const [before, after] = [compile(definition), compile(written.definition!)];
        for (const [id, step] of before.steps)
          for (const outcome of findStep(step.type)!.outcomes(step.config)) expect(after.steps.get(id)!.edges[outcome]).toEqual(step.edges[outcome]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('meaning', () => {
  const text = (definition: Definition): string => canonical(meaningOf(definition));

  test('has no layout, no version and no order of keys', () => {
    const plain = mustRead('name: N\ntrigger: { type: manual }\nsteps: [{ id: a, type: wait, config: { duration: 1d } }]');
    const other = mustRead(
      '# a note\nsteps: [{ type: wait, id: a, config: { business_hours_only: false, duration: 1d }, next: end }]\nlayout: { x: 1 }\nversion: 7\ntriggers: [{ type: manual }]\nname: N',
    );
    expect(text(other)).toBe(text(plain));
    expect(text(mustRead(sketch(['a', 'b'])))).not.toBe(text(mustRead(sketch(['b', 'a']))));
  });

  test('is the same whether a next is written or follows from the list', () => {
    fc.assert(
      fc.property(definitionSource, (source) => {
        const definition = readDefinition({ format: 'json', value: source }).definition!;
        expect(text(readDefinition({ format: 'json', value: explicitSource(definition) }).definition!)).toBe(text(definition));
      }),
      { numRuns: 200 },
    );
  });
});

describe('YAML that is written', () => {
  test('keeps texts that look like something else', () => {
    const value = { a: 'yes', b: '01234', c: '{{contact.email}}', d: 'two\nlines', e: '+1555', f: '# no comment', g: '- x', h: '' };
    const { raw } = readDefinition({ format: 'yaml', text: writeYaml(value) });
    expect(raw).toEqual(value);
    expect(writeYaml(value)).not.toContain('&');
  });

  test('repeats what is shared, without anchors', () => {
    const shared = [{ field: 'email', operator: 'is_set' }];
    expect(writeYaml({ a: shared, b: shared })).not.toMatch(/[&*]/);
  });

});
