import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A source file with the modules that it imports, `import type` marked. */
interface Source {
  file: string;
  text: string;
  imports: { target: string; typeOnly: boolean }[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'node_modules' || name === 'generated' ? [] : filesBelow(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const found = [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm), ...text.matchAll(/\b()import\('([^']+)'\)/g)];
  const imports = found.map(([, type, specifier]) => ({
    target: specifier!.startsWith('.') ? relative(root, resolve(dirname(path), specifier!)) : specifier!,
    typeOnly: Boolean(type?.trim()),
  }));
  return { file: relative(root, path), text, imports };
}

const sources = ['src', 'workers'].flatMap((folder) => filesBelow(join(root, folder))).map(readSource);

/** What each folder may import: prefixes of the project's own files, and packages. `type:` allows a type only. */
const rules: Record<string, { own: string[]; packages: RegExp }> = {
  'src/core/': { own: ['src/core/'], packages: /^(zod|yaml|luxon|expr-eval|re2js|libphonenumber-js)(\/|$)/ },
  'src/engine/': {
    own: ['src/engine/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'src/within.ts', 'type:src/context.ts', 'type:src/logger.ts'],
    packages: /^(zod|node:(perf_hooks|timers.*|crypto))$/,
  },
  'src/services/': {
    own: ['src/services/', 'src/engine/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'type:src/context.ts'],
    packages: /^(zod|yaml|libphonenumber-js.*|node:crypto)$/,
  },
  'src/store/': {
    own: ['src/store/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'src/generated/', 'type:src/logger.ts', 'type:src/environment.ts'],
    packages: /^(pg|zod|@prisma\/.*|node:.*)$/,
  },
  'src/queue/': { own: ['src/queue/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'src/within.ts', 'type:src/logger.ts'], packages: /^(bullmq|ioredis|pg|zod|node:.*)(\/|$)/ },
  'src/providers/': {
    own: ['src/providers/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'type:src/logger.ts', 'type:src/environment.ts'],
    packages: /^(nodemailer|twilio|undici|ipaddr\.js|zod|node:.*)(\/|$)/,
  },
  'src/live/': { own: ['src/live/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'type:src/context.ts', 'type:src/logger.ts'], packages: /^(ioredis|pg|zod|node:.*)$/ },
  'src/api/': {
    own: ['src/api/', 'src/services/', 'src/live/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'src/generated/', 'type:src/context.ts', 'type:src/logger.ts'],
    packages: /^(?!bullmq|ioredis|pg$|nodemailer|twilio)/,
  },
  'src/rest/': { own: ['src/rest/', 'src/services/', 'src/live/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'type:src/context.ts'], packages: /^(zod|yaml|node:.*)$/ },
  'src/http/': {
    own: ['src/http/', 'src/services/', 'src/core/', 'src/errors.ts', 'src/ids.ts', 'src/within.ts', 'src/make-folder.ts', 'type:src/context.ts', 'type:src/environment.ts'],
    packages: /^(zod|prom-client|node:.*)$/,
  },
  'src/telemetry/': { own: ['src/telemetry/', 'src/core/', 'src/errors.ts'], packages: /^(prom-client|@opentelemetry\/.*|node:http)$/ },
  'src/within.ts': { own: [], packages: /^$/ },
  'src/make-folder.ts': { own: [], packages: /^node:(fs|path)$/ },
  'src/dashboard/': { own: ['src/dashboard/', 'src/generated/operations/', 'src/core/'], packages: /^(react|react-dom|@xyflow\/react|graphql-ws)(\/|$)/ },
  'src/cli/': { own: ['src/cli/', 'src/services/', 'src/core/', 'src/errors.ts', 'src/environment.ts', 'src/generated/', 'type:src/context.ts'], packages: /./ },
  'workers/': {
    own: ['workers/', 'src/compose.ts', 'src/engine/', 'src/queue/', 'src/shutdown.ts', 'src/environment.ts', 'src/logger.ts', 'src/stack-sources.ts', 'type:src/context.ts', 'type:src/core/'],
    packages: /^node:.*$/,
  },
};

function allowed(source: Source, { target, typeOnly }: Source['imports'][number]): boolean {
  const rule = Object.entries(rules).find(([folder]) => source.file.startsWith(folder))?.[1];
  if (!rule) return true;
  if (!target.startsWith('src/') && !target.startsWith('workers/')) return rule.packages.test(target);
  return rule.own.some((own) => (own.startsWith('type:') ? typeOnly && target.startsWith(own.slice(5)) : target.startsWith(own)));
}

describe('who may import whom', () => {
  it.each(Object.keys(rules))('%s keeps to its table row', (folder) => {
    const offences = sources
      .filter(({ file }) => file.startsWith(folder))
      .flatMap((source) => source.imports.filter((one) => !allowed(source, one)).map(({ target }) => `${source.file} imports ${target}`));
    expect(offences).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = new Map(sources.map(({ file, imports }) => [file, imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target)]));
    expect(cyclesOf(edges)).toEqual([]);
  });

  it('composes the world in one place: only compose.ts builds stores, queues and providers', () => {
    const users = sources.filter(({ imports }) => imports.some(({ target, typeOnly }) => !typeOnly && target === 'src/compose.ts')).map(({ file }) => file);
    expect(users.filter((file) => !/^(workers\/|src\/server|src\/embedded\/|src\/cli\/)/.test(file))).toEqual([]);
  });
});

function cyclesOf(edges: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, trail: string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) found.push([...trail.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return found;
}

describe('the core is pure', () => {
  const core = sources.filter(({ file }) => file.startsWith('src/core/'));
  it.each([
    ['reads no clock', /\bDate\.now\(|new Date\(\)|performance\.now\(|DateTime\.(now|local|utc)\(\)/],
    ['draws no lots', /Math\.random\(|randomUUID|getRandomValues/],
    ['knows no process', /\bprocess\.|\bglobalThis\.process/],
    ['starts no timer', /\bset(Timeout|Interval|Immediate)\(/],
    ['waits for nothing', /\bawait\b|\basync\b/],
  ])('%s', (_name, pattern) => {
    expect(core.filter(({ text }) => pattern.test(code(text))).map(({ file }) => file)).toEqual([]);
  });
});

describe('the rooms', () => {
  it('have at most 350 lines', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 351).map(({ file }) => file)).toEqual([]);
  });

  it('are named in kebab-case, and never Manager, Helper, Util, Base or Impl', () => {
    expect(sources.map(({ file }) => file).filter((file) => !/^[a-z0-9./-]+$/.test(file) || /(manager|helper|utils?|base|impl)\.tsx?$/.test(file))).toEqual([]);
  });

  it('read process.env in one file only', () => {
    const readers = sources.filter(({ text }) => /\bprocess\.env\b/.test(code(text))).map(({ file }) => file);
    expect(readers.filter((file) => file !== 'src/environment.ts' && !file.startsWith('src/embedded/'))).toEqual([]);
  });

  it('never switch on a step type', () => {
    const types = /case '(send_email|send_sms|make_call|update_contact|add_tag|remove_tag|webhook|wait|condition|ab_split|goal)'/;
    expect(sources.filter(({ text }) => types.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe('the tests', () => {
  it('mock no module', () => {
    const tests = filesBelow(join(root, 'test')).map(readSource).filter(({ file }) => file !== 'test/architecture.test.ts');
    expect(tests.filter(({ text }) => /\bvi\.(mock|doMock)\(/.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

/** The text without comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
