import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { workerNames } from '../../src/core/ports/doors.ts';
import { queueNames } from '../../src/queue/names.ts';
import { nodeFlagsOf } from '../../src/embedded/node-flags.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { kubernetesSchemas } from './kubernetes-schemas.ts';
import { renderTemplate } from './render-template.ts';

const folder = join(projectRoot(), 'deploy', 'helm', 'millrace');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const values = parse(read('values.yaml')) as Values;
/** As loose as YAML, so that tests can reach into it. */
// oxlint-disable-next-line no-explicit-any
type Values = any;

/** Every object of the chart, with some values changed. */
function objectsOf(change: (values: Values) => void = () => undefined): Values[] {
  const changed = structuredClone(values);
  change(changed);
  return readdirSync(join(folder, 'templates')).filter((file) => file.endsWith('.yaml')).flatMap((file) => {
    const text = renderTemplate(read(join('templates', file)), { Values: changed, Release: { Name: 'crm' } });
    return parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]!.message}`);
      const object: unknown = document.toJS();
      return object === null ? [] : [object];
    });
  });
}
const scaled = (changed: Values): void => void Object.assign(changed.keda, { enabled: true, triggerAuthentication: 'redis-password' });
const named = (objects: Values[], kind: string, name: string): Values => objects.find((object) => object.kind === kind && object.metadata.name === name);

describe('the chart', () => {
  it.each([
    ['as it comes', () => undefined],
    ['scaled by KEDA', scaled],
    ['with variables', (changed: Values) => void (changed.env = { PUBLIC_URL: 'https://crm.example.com' })],
  ])('renders to objects whose every field exists: %s', (_name, change) => {
    for (const object of objectsOf(change)) {
      const schema = kubernetesSchemas[object.kind as keyof typeof kubernetesSchemas];
      const looked = schema.safeParse(object);
      expect(looked.error?.issues.map(({ path, message }) => `${object.kind} ${path.join('.')}: ${message}`) ?? []).toEqual([]);
    }
  });

  it('values.schema.json takes the defaults and refuses a misspelt one', () => {
    const check = new Ajv({ strict: false }).compile({ ...(JSON.parse(read('values.schema.json')) as object), $schema: undefined });
    expect(check(values) || check.errors).toBe(true);
    expect(check({ ...values, kedda: {} })).toBe(false);
    expect(check({ ...values, workers: { ...values.workers, mailing: values.workers.delivery } })).toBe(false);
  });

  it('runs every worker, from the file that the build makes', () => {
    const objects = objectsOf();
    expect(Object.keys(values.workers).sort()).toEqual([...workerNames].sort());
    for (const worker of workerNames) {
      const { command } = named(objects, 'Deployment', `crm-${worker}`).spec.template.spec.containers[0];
      expect(command).toEqual(['node', ...nodeFlagsOf(worker), `dist/workers/${worker}.js`, `--millrace-worker=${worker}`]);
      expect(existsSync(join(projectRoot(), 'workers', `${worker}.ts`))).toBe(true);
    }
  });

  it('scales by every queue, whose list is the one that BullMQ keeps', () => {
    const objects = objectsOf(scaled).filter(({ kind }) => kind === 'ScaledObject');
    const lists = objects.flatMap(({ spec }) => spec.triggers.map(({ metadata }: Values) => metadata.listName));
    expect(lists.sort()).toEqual(queueNames.map((name) => `millrace:${name}:wait`).sort());
    for (const { spec } of objects) expect(named(objectsOf(scaled), 'Deployment', spec.scaleTargetRef.name).spec.replicas).toBeUndefined();
  });

  it('selects the pods that it makes', () => {
    const objects = objectsOf(scaled);
    const pods = objects.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.metadata.labels);
    const matches = (selector: object) => pods.filter((labels: Values) => Object.entries(selector).every(([key, value]) => labels[key] === value)).length;
    const counted = objects.flatMap(({ kind, spec }) => {
      const selector = spec.selector?.matchLabels ?? spec.podSelector?.matchLabels ?? (kind === 'Service' ? spec.selector : null);
      return selector ? [[kind, matches(selector)]] : [];
    });
    const five = (kind: string) => Array.from({ length: 5 }, () => [kind, 1]);
    expect(counted.sort()).toEqual([...five('Deployment'), ['NetworkPolicy', 5], ...five('PodDisruptionBudget'), ['Service', 1]]);
  });

  it('migrates before anything new starts, gives a drain its time, and holds no secret', () => {
    const objects = objectsOf();
    expect(named(objects, 'Job', 'crm-migrations').metadata.annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    for (const { spec } of objects.filter(({ kind }) => kind === 'Deployment')) {
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(20);
      expect(spec.template.spec.containers[0].envFrom).toEqual([{ secretRef: { name: 'millrace' } }]);
    }
    expect(objects.some(({ kind }) => kind === 'Secret')).toBe(false);
  });
});

describe('compose.yaml', () => {
  it('runs the API, every worker and the migrations, each from the one image', () => {
    const { services } = parse(readFileSync(join(projectRoot(), 'compose.yaml'), 'utf8'), { merge: true }) as Values;
    expect(Object.keys(services).sort()).toEqual(['api', 'migrations', 'postgres', 'redis', ...workerNames].sort());
    for (const worker of workerNames) expect(services[worker].command).toEqual(['node', ...nodeFlagsOf(worker), `dist/workers/${worker}.js`, `--millrace-worker=${worker}`]);
  });
});
