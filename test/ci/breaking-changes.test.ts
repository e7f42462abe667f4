import { describe, expect, it } from 'vitest';
import { announced, compareSchemas } from '../../.ci/breaking-changes.mjs';

const BEFORE = 'type Query { old: Int, both(first: Int): String } enum Kind { A B }';
const changelog = (breaking: string): string => `# Changelog\n\n## Unreleased\n\n### Added\n- \`Query.old\`\n${breaking}\n## 1.0.0\n\n### Breaking\n- \`Query.old\` long ago\n`;
const compare = (after: string, breaking = '') => compareSchemas(BEFORE, after, changelog(breaking));

describe('the check of the schema against the last commit', () => {
  it('lets additions pass', () => {
    const found = compare('type Query { old: Int, both(first: Int, last: Int): String, more: Int } enum Kind { A B C }');
    expect([found.silent, found.announced]).toEqual([[], []]);
    expect(found.dangerous.join(' ')).toContain('C was added to enum type Kind');
  });

  it('refuses a field that is gone, a type that is another, an argument that is needed', () => {
    expect(compare('type Query { both(first: Int): String } enum Kind { A B }').silent).toEqual(['Query.old was removed.']);
    expect(compare('type Query { old: String, both(first: Int!): String } enum Kind { A B }').silent).toHaveLength(2);
  });

  it('lets a break pass that the newest section of the changelog names', () => {
    const after = 'type Query { both(first: Int): String } enum Kind { A }';
    expect(compare(after, '\n### Breaking\n- `Query.old` is `Query.both` now.\n')).toMatchObject({
      announced: ['Query.old was removed.'],
      silent: [expect.stringContaining('Kind')],
    });
  });

  it('reads the newest section alone', () => {
    expect(announced(changelog(''))).toBe('');
    expect(announced(changelog('\n### Breaking\n- `Kind`\n'))).toContain('`Kind`');
  });
});
