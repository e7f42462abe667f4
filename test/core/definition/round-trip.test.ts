import { describe, expect, test } from 'vitest';
import { canvasShape, fromCanvas, toCanvas } from '../../../src/core/definition/canvas.ts';
import type { Definition } from '../../../src/core/definition/definition.ts';
import { explicitSource } from '../../../src/core/definition/explicit.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { meaningOf } from '../../../src/core/definition/meaning.ts';
import { readStructure, type Source } from '../../../src/core/definition/read.ts';
import { stampVersion } from '../../../src/core/definition/stamp-version.ts';
import { writeYaml } from '../../../src/core/definition/yaml.ts';
import { stepDefinitions } from '../../../src/core/steps/index.ts';
import fc from '../../support/property.ts';
import { anyDefinition } from './arbitrary.ts';

function read(source: Source): Definition {
  const { definition, diagnostics } = readStructure(source);
  if (!definition) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
  return definition;
}
const meaning = (definition: Definition): string => canonical(meaningOf(definition));

describe('import after export means the same', () => {
  test.each<[string, (definition: Definition) => Source]>([
    ['as YAML', ({ source }) => ({ format: 'yaml', text: writeYaml(source) })],
    ['as JSON', ({ source }) => ({ format: 'json', value: JSON.parse(JSON.stringify(source)) })],
    ['as a canvas', (definition) => ({ format: 'json', value: fromCanvas(canvasShape.parse(JSON.parse(JSON.stringify(toCanvas(definition))))) })],
    ['with every next written out', (definition) => ({ format: 'json', value: explicitSource(definition) })],
  ])('%s', (_name, print) => {
    fc.assert(fc.property(anyDefinition, (value) => {
      const definition = read({ format: 'json', value });
      expect(meaning(read(print(definition)))).toBe(meaning(definition));
    }), { numRuns: 150 });
  });

  test('the random definitions have every kind of step', () => {
    const seen = new Set(fc.sample(anyDefinition, 400).flatMap((value) => (value['steps'] as { type: string }[]).map(({ type }) => type)));
    expect(stepDefinitions.map(({ type }) => type).filter((type) => !seen.has(type))).toEqual([]);
  });
});

describe('the version that an export is stamped with', () => {
  test.each([
    ['version: 1\nname: N\n', 'version: 12\nname: N\n'],
    ['name: N\nversion:  3 # exported\nsteps: []\n', 'name: N\nversion:  12 # exported\nsteps: []\n'],
    ['name: N\ndescription: |\n  version: 3\n', 'name: N\ndescription: |\n  version: 3\n'],
  ])('%j', (text, stamped) => expect(stampVersion(text, 12)).toBe(stamped));
});
