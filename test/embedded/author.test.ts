import { describe, expect, it } from 'vitest';
import { diffSchemas } from '../../prisma/author.ts';

const schema = (...fields: string[]): string => ['datasource db {', '  provider = "postgresql"', '}', 'model Note {', '  id Int @id', ...fields, '}', ''].join('\n');

describe('diffSchemas', () => {
  it('makes the tables of an empty database', async () => {
    expect(await diffSchemas(null, schema())).toContain('CREATE TABLE "Note"');
  });
  it('says what was added', async () => {
    expect(await diffSchemas(schema(), schema('  text String?'))).toContain('ALTER TABLE "Note" ADD COLUMN     "text" TEXT');
  });
  it('has nothing to say about equal schemas', async () => {
    expect(await diffSchemas(schema(), schema())).toBe('-- This is an empty migration.\n');
  });
});
