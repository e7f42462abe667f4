import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { DEFINITION } from '../support/desk-stage.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

function mkFolder(files: Record<string, string>): string {
  const path = mkdtempSync(join(folder, 'f-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

/** Bundled once as `npm run build` does it: tsx would compile the core anew for each call. */
const BUNDLE = join('dist', 'test', `cli-${process.pid}.mjs`);

beforeAll(async () => {
  await build({ entryPoints: ['src/cli/main.ts'], outfile: BUNDLE, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', logLevel: 'warning' });
  stage = await createDoorStage();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  rmSync(BUNDLE);
  await stage.close();
});

interface Ended {
  code: number | null;
  out: string;
  talk: string;
}

/** Runs the real command line, with the server of this test as its own. */
function millrace(args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BUNDLE, ...args], { env: { ...process.env, MILLRACE_URL: stage.base, MILLRACE_API_KEY: stage.admin, ...env } });
    const ended: Ended = { code: null, out: '', talk: '' };
    child.stdout.on('data', (chunk) => (ended.out += String(chunk)));
    child.stderr.on('data', (chunk) => (ended.talk += String(chunk)));
    child.on('close', (code) => resolve({ ...ended, code }));
    child.stdin.end(input);
  });
}

const GOOD = file('good.yaml', `${DEFINITION}tests:\n  - { name: passes, expect: { status: completed } }\n`);
const BROKEN = file('broken.yaml', DEFINITION.replace('type: wait', 'type: wiat'));
const LOST = file('lost.yaml', DEFINITION.replace('    config: { duration: 2d }\n', '    config: { duration: 2d }\n    next: byee\n'));
const WARNED = file('warned.yaml', DEFINITION.replace('    config: { duration: 2d }\n', '    config: { duration: 2d }\n    next: end\n'));
const FAILING = file('failing.yaml', `${DEFINITION}tests:\n  - { name: fails, expect: { path: [hello, bye] } }\n`);
const HOOK = file('hook.yaml', 'name: Hook\ntrigger: { type: manual }\nsteps:\n  - { id: hook, type: webhook, config: { url: "https://example.com" } }\n');

describe('on files', () => {
  test.each<[string, string[], number, RegExp, RegExp]>([
    ['the front page', ['--help'], 0, /validate FILE…[\s\S]*doctor/, /^$/],
    ['no command', [], 2, /^$/, /customer journeys as code/],
    ['an unknown command', ['lnit'], 2, /^$/, /There is no command "lnit". Did you mean "lint"\?\nSee: millrace --help/],
    ['an unknown option', ['lint', '--stict', GOOD], 2, /^$/, /There is no option "--stict". Did you mean "strict"\?/],
    ['an option without its value', ['lint', GOOD, '--format'], 2, /^$/, /--format wants text\|json\|github\|sarif/],
    ['too few arguments', ['diff', GOOD], 2, /^$/, /diff wants BEFORE AFTER/],
    ["a command's page", ['lint', '--help'], 0, /millrace lint FILE…[\s\S]*--strict[\s\S]*Examples/, /^$/],
    ['a missing file', ['lint', 'nowhere.yaml'], 3, /^$/, /nowhere.yaml cannot be read: there is no such file\./],
    ['validate: good', ['validate', GOOD], 0, /^$/, /1 file: nothing to complain about/],
    ['validate: a structure error', ['validate', BROKEN], 1, /broken\.yaml:9:11 error unknown_step_type: .*"wiat"[\s\S]*Did you mean "wait"\?/, /1 file: 1 error/],
    ['validate: an unknown target', ['validate', LOST], 1, /lost\.yaml:11:11 error unknown_target/, /1 error/],
    ['validate: warnings are not told', ['validate', WARNED], 0, /^$/, /nothing/],
    ['lint: warnings fail', ['lint', WARNED], 1, /warning unreachable_step/, /1 warning/],
    ['lint for GitHub', ['lint', '--format', 'github', WARNED], 1, /^::warning file=.*warned\.yaml,line=12,col=9,title=unreachable_step::No path/, /1 warning/],
    ['test: passing', ['test', GOOD], 0, /ok {4}passes/, /1 passed, 0 failed/],
    ['test: failing', ['test', FAILING], 1, /FAIL {2}fails\n.*expect\.path\[1\]: after hello it should go to "bye", but the run went to "pause"/, /0 passed, 1 failed/],
    ['test: no definition beside a good one', ['test', BROKEN, GOOD], 1, /ok {4}passes/, /unknown_step_type[\s\S]*1 passed, 0 failed; 1 file holds no definition/],
    [
      'a pattern that caught other files',
      ['validate', GOOD, file('README.md', '# Read me')],
      0,
      /^$/,
      /^Passed over, neither YAML nor JSON by name: .*README\.md\n1 file: nothing/,
    ],
    ['a folder', ['validate', mkFolder({ 'a.yaml': DEFINITION, 'b.json': '{}', 'c.txt': '' })], 1, /b\.json:1:1 error/, /^2 files: /],
    ['a folder without definitions', ['test', mkFolder({ 'c.txt': '' })], 3, /^$/, /holds no definition: no file in it ends with \.yaml/],
    ['test: no definition', ['test', BROKEN], 1, /^$/, /unknown_step_type/],
    ['simulate', ['simulate', GOOD, '-e', '1d tag_added tag=x'], 0, /2026-01-05 09:00 {2}hello +completed +next/, /^completed, 3 steps, 0 sent/],
    ['simulate: a provider that refuses', ['simulate', HOOK, '-e', '0 provider_answers step=hook status:=402'], 1, /hook +failed .*answered 402/, /^failed: step_failed:hook/],
    ['simulate: a provider of a step that has none', ['simulate', HOOK, '-e', '0 provider_answers step=hok status:=402'], 2, /^$/, /there is no step "hok"/],
    ['simulate: a misspelt event', ['simulate', GOOD, '-e', '3h emial_opened'], 2, /^$/, /there is no event "emial_opened", and the definition names none\. Did you mean "email_opened"\?/],
    ['simulate: an event of your own', ['simulate', GOOD, '-e', '3h order_placed'], 0, /2026-01-05 09:00 {2}hello +completed +next/, /^completed/],
    ['simulate: what is no JSON', ['simulate', HOOK, '-e', '0 provider_answers step=hook status:=x'], 2, /^$/, /what stands behind := is JSON/],
    ['explore', ['explore', GOOD], 0, /longest run +2d: hello → pause → bye/, /^$/],
    ['explore: what nothing reaches', ['explore', WARNED], 1, /never reached +bye/, /^$/],
    ['graph as text', ['graph', GOOD], 0, /pause +wait +→ bye/, /^$/],
    ['graph for mermaid', ['graph', '--format', 'mermaid', GOOD], 0, /^flowchart TD\n {2}n0\["hello<br\/>add_tag"\][\s\S]*n0 --> n1/, /^$/],
    ['graph for dot', ['graph', '--format=dot', GOOD], 0, /^digraph workflow {\n[\s\S]*"pause" -> "bye";/, /^$/],
    ['diff: the same', ['diff', GOOD, GOOD], 0, /No difference in meaning/, /^$/],
    ['diff: another', ['diff', GOOD, WARNED], 1, /~ edge pause\.next: bye → end/, /^$/],
  ])('%s', async (_name, args, code, out, talk) => {
    const ended = await millrace(args);
    expect(ended).toEqual({ code, out: expect.stringMatching(out), talk: expect.stringMatching(talk) });
  });

  it('reads a pipe, JSON too', async () => {
    const json = JSON.stringify({ name: 'N', trigger: { type: 'manual' }, steps: [{ id: 'a', type: 'exit', nxt: 'end' }] }, null, 2);
    expect(await millrace(['validate', '-'], { input: json })).toMatchObject({ code: 1, out: expect.stringMatching(/^-:10:7 error unknown_key/) });
  });

  it('mends what can be mended', async () => {
    const path = file(
      'mended.yaml',
      DEFINITION.replace('type: wait', 'type: wiat').replace('    config: { duration: 2d }\n', '    config: { duration: 2d } # two days\n    nxt: byee\n'),
    );
    const { code, out, talk } = await millrace(['lint', '--fix', path]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(talk).toMatch(/unknown_step_type: Write "wait"[\s\S]*unknown_key: Rename it to "next"[\s\S]*unknown_target: Write "bye"/);
    expect(readFileSync(path, 'utf8')).toBe(DEFINITION.replace('    config: { duration: 2d }\n', '    config: { duration: 2d } # two days\n    next: bye\n'));
  });

  it('prints SARIF that code scanning takes', async () => {
    const { out } = await millrace(['lint', '--format', 'sarif', WARNED]);
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'millrace', rules: [{ id: 'unreachable_step' }] } },
          results: [{ ruleId: 'unreachable_step', level: 'warning', locations: [{ physicalLocation: { region: { startLine: 12 } } }] }],
        },
      ],
    });
  });

  it('prints JSON alone on stdout', async () => {
    const [linted, played] = await Promise.all([millrace(['lint', '--json', LOST]), millrace(['test', '--json', FAILING])]);
    expect(JSON.parse(linted.out)).toMatchObject([{ diagnostics: [{ rule: 'unknown_target', location: 'steps[1].next', line: 11 }, { rule: 'unreachable_step' }] }]);
    expect(JSON.parse(played.out)).toMatchObject([{ passed: false, scenarios: [{ difference: { path: 'expect.path[1]' } }] }]);
  });

  it('says the same as the server, at the same places', async () => {
    const [here, there] = await Promise.all([millrace(['lint', LOST]), millrace(['lint', '--remote', LOST])]);
    expect(there.out).toBe(here.out);
  });
});

describe('on a server', () => {
  it('imports, publishes, exports, enrolls and reads the log', async () => {
    const imported = await millrace(['import', GOOD, '--publish']);
    expect(imported).toMatchObject({ code: 0, talk: expect.stringContaining('is active') });
    const id = imported.out.trim();
    const slug = /^(\S+) is active/.exec(imported.talk)![1]!;
    expect(await millrace(['export', slug, '--json'])).toMatchObject({ code: 0 });
    const exported = await millrace(['export', id]);
    expect(exported.out).toContain('name: Hello there');
    const enrolled = await millrace(['enroll', id, '--new', '{"email":"cli@example.com"}']);
    expect(enrolled).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) });
    expect(await millrace(['logs', enrolled.out.trim(), '--json'])).toMatchObject({ code: 0, out: '[]\n' });
  });

  it('lists workflows and explains an enrollment, over typed operations', { timeout: 90_000 }, async () => {
    const id = (await millrace(['import', GOOD, '--publish'])).out.trim();
    const contact = (await stage.ask('POST', '/api/contacts', { body: { email: 'why@example.com' } })).json.id as string;
    const listed = JSON.parse((await millrace(['list', '--json'])).out) as { uuid: string; status: string }[];
    expect(listed.find(({ uuid }) => uuid === id)).toMatchObject({ status: 'ACTIVE', stats: { enrolled: 0 } });
    expect(await millrace(['list', '--search', 'no such thing'])).toMatchObject({ code: 0, out: 'There are none.\n' });
    expect(await millrace(['explain', id, contact, '--json'])).toMatchObject({ code: 1, out: expect.stringContaining('"standing": "OUT"') });
    await millrace(['enroll', id, '--contact', contact]);
    expect(await millrace(['explain', id, contact])).toMatchObject({ code: 0, out: expect.stringMatching(/enrollment [0-9a-f-]{36} is active/) });
    expect(await millrace(['explain', id, id])).toMatchObject({ code: 3, talk: expect.stringContaining('no contact') });
  });

  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['no key', ['export', 'x'], { MILLRACE_API_KEY: '' }, 3, /MILLRACE_API_KEY is not set/],
    ['a wrong key for GraphQL', ['list'], { MILLRACE_API_KEY: 'wrong-wrong' }, 3, /The server answers 401/],
    ['a wrong key', ['export', 'x'], { MILLRACE_API_KEY: 'wrong' }, 3, /The server answers 401/],
    ['nobody there', ['export', 'x'], { MILLRACE_URL: 'http://127.0.0.1:9' }, 3, /Nobody answers at http:\/\/127\.0\.0\.1:9/],
    ['a missing workflow', ['export', '0190a000-0000-7000-8000-000000000000'], {}, 3, /The server answers 404/],
    ['a file that it refuses', ['import', BROKEN], {}, 1, /The server answers 422[\s\S]*line 9/],
    ['a file that it would refuse', ['import', '--dry-run', BROKEN], {}, 1, /unknown_step_type|"wiat"/],
    ['a file that it keeps and does not publish', ['import', '--publish', LOST], {}, 1, /It is kept as the draft[\s\S]*The server answers 422[\s\S]*byee/],
    ['a slug that nobody has', ['export', 'nowhere'], {}, 3, /There is no workflow "nowhere" here[\s\S]*millrace list/],
    ['a contact that is no JSON', ['enroll', 'x', '--new', 'email=a'], {}, 2, /--new wants JSON in single quotes/],
    ['neither contact', ['enroll', 'x'], {}, 2, /one of --contact and --new/],
    ['an address that is none', ['doctor'], { MILLRACE_URL: 'nowhere' }, 3, /MILLRACE_URL is no address/],
  ])('%s', async (_name, args, env, code, talk) => {
    expect(await millrace(args, { env })).toEqual({ code, out: '', talk: expect.stringMatching(talk) });
  });

  it('ends a dry run with 1 when what was found would refuse publishing', async () => {
    expect(await millrace(['import', '--dry-run', LOST])).toEqual({ code: 1, out: 'Nothing was stored.\n', talk: expect.stringMatching(/error: .*"byee"/) });
  });

  it('doctor looks at everything', async () => {
    const { code, out } = await millrace(['doctor', '--json']);
    const found = JSON.parse(out) as { what: string; ok: boolean }[];
    expect(found.map(({ what }) => what)).toEqual(['node', 'server', 'database', 'migrations', 'queue', 'workers', 'key']);
    expect(found.find(({ what }) => what === 'workers')?.ok).toBe(false);
    expect(code).toBe(3);
  });
});

test('a fresh clone without packages is told to install them', () => {
  const src = join(mkFolder({}), 'src');
  mkdirSync(join(src, 'cli'), { recursive: true });
  copyFileSync('src/cli/millrace.mjs', join(src, 'cli', 'millrace.mjs'));
  const { status, stderr } = spawnSync(process.execPath, [join(src, 'cli', 'millrace.mjs'), '--help'], { encoding: 'utf8', cwd: folder });
  expect(stderr).toMatch(/^The packages are not installed in .*: run npm start there once, or npm ci\.\n$/);
  expect(status).toBe(3);
});
