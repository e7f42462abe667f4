import { describe, expect, test } from 'vitest';
import { canvasShape, fromCanvas } from '../../../src/core/definition/canvas.ts';
import { pathText } from '../../../src/core/definition/diagnostic.ts';
import { lintDefinition } from '../../../src/core/definition/lint/index.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { hostileInputs } from '../../support/hostile-inputs.ts';

const around = { assets: { templates: {}, voicemails: {} }, outbound: [] };

describe('hostile input', () => {
  test.each(hostileInputs)('%s', (_what, given, rule, path, place) => {
    const source = given.format === 'canvas' ? { format: 'json' as const, value: fromCanvas(canvasShape.parse(given.value)) } : given;
    const { definition, diagnostics } = readDefinition(source);
    const found = definition ? lintDefinition(definition, around) : diagnostics;
    expect(found.map((one) => `${one.rule} ${pathText(one.path)} ${one.line === null ? null : `${one.line}:${one.column}`}`)).toContain(`${rule} ${path} ${place}`);
    expect(found.find((one) => one.rule === rule)).toMatchObject({ severity: 'error', message: expect.stringMatching(/\w/) });
    expect(found.length).toBeLessThanOrEqual(500);
    expect({}).not.toHaveProperty('admin');
  });

  test('comes in at least sixty kinds', () => {
    expect(hostileInputs.length).toBeGreaterThanOrEqual(60);
    expect(new Set(hostileInputs.map(([what]) => what)).size).toBe(hostileInputs.length);
  });
});
