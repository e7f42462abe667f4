import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

/** Every `curl` of the manual's page on the API, done as it stands: the comment above it says which status it gets. */
const page = readFileSync('docs/api.md', 'utf8');

interface Command {
  says: number;
  text: string;
}

const commands = [...page.matchAll(/^# (\d{3})[^\n]*\n(curl (?:'[^']*'|[^'])*?)(?=\n\n|\n```)/gm)].map(([, says, text]): Command => ({ says: Number(says), text: text! }));

let stage: DoorStage;
const names: Record<string, string> = {};
beforeAll(async () => {
  stage = await createDoorStage();
  Object.assign(names, { MILLRACE_URL: stage.base, MILLRACE_API_KEY: stage.admin });
});
afterAll(() => stage.close());

/** The words of a command line: quotes taken off, variables put in outside single ones. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, literal, quoted, bare]) => literal ?? (quoted ?? bare ?? '').replace(/\$(\w+)/g, (_all, name: string) => names[name] ?? `$${name}`),
  );

function requestOf(text: string): [url: string, init: RequestInit] {
  const [, ...words] = wordsOf(text);
  const valuesOf = (flag: string): string[] => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []));
  const body = valuesOf('-d')[0];
  const url = words.find((word) => word.startsWith('http'))!;
  const headers = valuesOf('-H').map((header) => header.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return [url, { method: valuesOf('-X')[0] ?? (body === undefined ? 'GET' : 'POST'), headers, ...(body === undefined ? {} : { body }) }];
}

describe('the manual on the API', () => {
  it('has commands', () => expect(commands.length).toBeGreaterThan(9));

  it.each(commands)('$text is answered with $says', async ({ says, text }) => {
    const leaving = new AbortController();
    const [url, init] = requestOf(text);
    const response = await fetch(url, { ...init, signal: leaving.signal });
    expect(response.status).toBe(says);
    if (text.includes('text/event-stream')) return leaving.abort();
    const json = (await response.json()) as { id?: string; errors?: unknown };
    if (says < 300) expect(json.errors).toBeUndefined();
    if (says === 201) names[url.endsWith('/enroll') ? 'ENROLLMENT' : 'WORKFLOW'] = json.id!;
  });
});
