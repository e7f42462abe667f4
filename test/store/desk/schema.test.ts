import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { createDeskStage, type DeskStage } from '../../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

/** `contacts.first_name` for every column that the Prisma schema names. */
function columnsOfSchema(): string[] {
  const schema = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body]) => {
    const table = /@@map\("(\w+)"\)/.exec(body!)![1];
    const fields = body!.split('\n').filter((line) => /^\s+\w+\s+(String|Int|BigInt|Float|Boolean|DateTime|Json|Bytes)\b/.test(line));
    return fields.map((line) => `${table}.${/[^@]@map\("(\w+)"\)/.exec(line)?.[1] ?? line.trim().split(/\s+/)[0]}`);
  });
}

it('the Prisma schema names exactly the columns that the migrations made', async () => {
  const rows = await stage.rows<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_%'`,
  );
  expect(columnsOfSchema().toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});
