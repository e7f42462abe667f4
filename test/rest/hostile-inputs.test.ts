import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Import } from '../../src/services/transfer.ts';
import { createDoorStage, type Asked, type DoorStage } from '../support/door-stage.ts';
import { hostileInputs } from '../support/hostile-inputs.ts';

let stage: DoorStage;
beforeAll(async () => {
  stage = await createDoorStage();
});
afterAll(() => stage.close());

const asked = (source: Import): Asked => (source.format === 'yaml' ? { body: source.text } : { body: source.value });

interface Finding {
  rule: string;
  path: string;
  line: number | null;
  column: number | null;
}

/** JSON that is too deep or too large is refused by its text, before anybody makes a value of it: then the place is the text's. */
const wordsOf = ({ rule, path, line, column }: Finding, textual: boolean): string => (textual ? `${rule} ${path} ${line}:${column}` : rule);

describe('hostile input through REST', () => {
  it.each(hostileInputs.filter(([, source]) => source.format !== 'yaml' || source.text !== ''))(
    '%s is named by import and validation, and refused',
    async (_what, source, rule, path, place) => {
      const doors = source.format === 'canvas' ? ['/api/workflows/import?dryRun=true'] : ['/api/workflows/import?dryRun=true', '/api/validate'];
      for (const door of doors) {
        const { status, json } = await stage.ask('POST', door, asked(source));
        expect([200, 400, 413, 422]).toContain(status);
        if (status === 200) expect(json.valid).toBe(false);
        const textual = place !== null && path !== '';
        expect((json.errors ?? json.diagnostics).map((one: Finding) => wordsOf(one, textual))).toContain(textual ? `${rule} ${path} ${place}` : rule);
      }
    },
  );

  it('left no workflow and no version behind', async () => {
    expect(await stage.rows('SELECT id FROM workflows_v2')).toEqual([]);
    expect(await stage.rows('SELECT id FROM workflow_versions')).toEqual([]);
  });
});
