import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentPage, variableMeanings } from '../../src/cli/environment-page.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { variableDefaults } from '../../src/environment.ts';

describe('docs/environment.md', () => {
  it('has a meaning for every variable that is read, and for no other', () => {
    expect(Object.keys(variableMeanings)).toEqual(Object.keys(variableDefaults()));
  });

  it('is what npm run generate writes', () => {
    expect(readFileSync(join(projectRoot(), 'docs', 'environment.md'), 'utf8')).toBe(environmentPage());
  });

  it('names the defaults that hold', () => {
    expect(variableDefaults()).toMatchObject({ PORT: '4000', DEMO: 'on', KEEP_EVENTS_DAYS: '400', DATABASE_URL: null });
  });
});
