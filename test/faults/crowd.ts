import { uuidv7 } from '../../src/ids.ts';
import { enrollContacts } from '../../src/services/enrollments.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { importWorkflow } from '../../src/services/transfer.ts';
import { until } from '../support/until.ts';
import { patiently, type Stage, type Tenant } from './stage.ts';

/** How many messages and requests one whole run sends. */
const SENDS = 4;

/** Every channel, two timers, a draw and a write: what can be lost, doubled or early. */
const journey = (name: string, hook: string): string => `
name: ${name}
trigger: { type: manual }
steps:
  - { id: mail, type: send_email, config: { subject: "Hi {{contact.first_name}}", text: "For {{contact.first_name}}" } }
  - { id: pause, type: wait, config: { duration: 1h } }
  - { id: text, type: send_sms, config: { message: "For {{contact.first_name}}" } }
  - { id: split, type: ab_split, config: { variants: [{ name: A, weight: 50, next: red }, { name: B, weight: 50, next: blue }] } }
  - { id: red, type: update_contact, config: { increment: { custom_fields.laps: 1 } }, next: nap }
  - { id: blue, type: update_contact, config: { increment: { custom_fields.laps: 1 } }, next: nap }
  - { id: nap, type: wait, config: { duration: 30m } }
  - { id: hook, type: webhook, config: { url: "${hook}", body: { who: "{{contact.first_name}}" } } }
  - { id: call, type: make_call, config: { say: "For {{contact.first_name}}" } }
  - { id: mark, type: add_tag, config: { tag: through } }
`;

interface Part {
  tenant: Tenant;
  workflowId: string;
  contactIds: string[];
  /** What the first names of its contacts begin with. */
  mark: string;
}

/** Contacts of two locations on one journey, most of them in the first. */
export interface Crowd {
  /** How many were let in, once they are. */
  people: number;
  parts: [Part, Part];
  source: string;
  /** Lets everybody in. */
  enroll(): Promise<void>;
  /** To be called by whoever lets people in by other ways: from now on the providers are to take something. */
  begins(): void;
  /** How many sends the providers took so far. */
  taken(): number;
  /** Resolves when the providers took this share (0 to 1) of all sends. */
  share(of: number): Promise<void>;
  /** Milliseconds until the providers take another send, from now on; 0 when they have all. */
  recovers(): Promise<number>;
  /** The longest time (ms) in which the providers took nothing although there was work, since everybody was let in. */
  standstill(): number;
  /** How many sends had been taken when that began. */
  stoodAfter(): number;
  /** Resolves when every run has ended and nothing is left to do. */
  settles(): Promise<void>;
}

/** How long the harness waits for work to go on: far beyond every promise, which is measured and not waited for. */
const PATIENCE_MS = 180_000;

/**
 * Publishes the journey in both locations and makes their contacts. The ledgers of the providers begin anew.
 * @param number tells this crowd from the others of the same stage.
 */
export async function gather(stage: Stage, number: number, name: string, people: number): Promise<Crowd> {
  for (const { ledger } of [stage.smtp, stage.twilio, stage.webhooks]) ledger.length = 0;
  stage.twilio.requests.length = 0;
  const source = journey(name, `${stage.webhooks.url}/hook`);
  const few = Math.max(1, Math.floor(people / 5));
  const parts = (await Promise.all(stage.tenants.map((tenant, index) => gatherPart(stage, tenant, source, `${number}-${index}`, index === 0 ? people - few : few)))) as [
    Part,
    Part,
  ];
  const taken = (): number => stage.smtp.ledger.length + stage.twilio.ledger.length + stage.webhooks.ledger.length;
  const workflowIds = parts.map(({ workflowId }) => workflowId);
  const pace = watchPace(taken);
  const left = async (sql: string): Promise<number> => (await stage.ask<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, [workflowIds]))[0]!.n;
  return {
    people, parts, source, taken,
    standstill: () => pace.slowestMs,
    stoodAfter: () => pace.after,
    begins: () => pace.start(),
    async enroll() {
      pace.start();
      for (const { tenant, workflowId, contactIds } of parts) await patiently(() => enrollContacts(stage.house.ctx, tenant.who, { workflowId, contactIds }));
    },
    async share(of) {
      for (const goal = of * people * SENDS; taken() < goal;) {
        const before = taken();
        await until(`${of * 100} % of the sends`, () => taken() > before, PATIENCE_MS);
      }
    },
    async recovers() {
      const [from, before] = [performance.now(), taken()];
      await until('work to go on', () => taken() > before || taken() >= people * SENDS, PATIENCE_MS);
      return performance.now() - from;
    },
    async settles() {
      for (let active = Infinity; active > 0;) {
        const before = active;
        active = await until(
          'another run to end',
          async () => [await left("workflow_enrollments WHERE workflow_id = ANY($1) AND status = 'active'")].find((now) => now < before || now === 0)?.toString(),
          PATIENCE_MS,
        ).then(Number);
        await new Promise((resolve) => setTimeout(resolve, active === 0 ? 0 : 200));
      }
      pace.stop();
      await until(
        'every event to be dispatched',
        async () => (await left('contact_events v JOIN workflow_enrollments e ON e.contact_id = v.contact_id WHERE e.workflow_id = ANY($1) AND v.dispatched_at IS NULL')) === 0,
        PATIENCE_MS,
      );
      await until(
        'a quiet mailbox',
        async () => (await left('workflow_scheduled_actions a JOIN workflow_enrollments e ON e.id = a.enrollment_id WHERE e.workflow_id = ANY($1)')) === 0,
        PATIENCE_MS,
      );
    },
  };
}

const LOOK_MS = 25;

/** Looks at the number of what was taken again and again: how long it stayed the same, at most. What stays so to the end is no standstill: there was no more. */
function watchPace(taken: () => number) {
  const pace = { slowestMs: 0, after: 0, start, stop: () => clearInterval(timer) };
  let timer: NodeJS.Timeout | undefined;
  function start(): void {
    let [before, since] = [taken(), performance.now()];
    clearInterval(timer);
    timer = setInterval(() => {
      const now = taken();
      if (now === before) return;
      const ms = performance.now() - since;
      if (ms > pace.slowestMs) Object.assign(pace, { slowestMs: ms, after: before });
      [before, since] = [now, performance.now()];
    }, LOOK_MS);
    timer.unref();
  }
  return pace;
}

async function gatherPart(stage: Stage, tenant: Tenant, source: string, mark: string, people: number): Promise<Part> {
  const { ctx } = stage.house;
  const { workflow } = await importWorkflow(ctx, tenant.who, { source: { format: 'yaml', text: source } });
  await publishWorkflow(ctx, tenant.who, { id: workflow!.id });
  const contactIds = Array.from({ length: people }, () => uuidv7());
  await stage.ask(
    `INSERT INTO contacts (id, location_id, first_name, email, phone)
     SELECT id, $2, $3 || '-' || n, $3 || '-' || n || '@example.com', '+1' || (500 + 2 * split_part($3, '-', 1)::int + split_part($3, '-', 2)::int) || lpad(n::text, 7, '0')
     FROM unnest($1::uuid[]) WITH ORDINALITY AS i(id, n) ON CONFLICT DO NOTHING`,
    [contactIds, tenant.who.locationId, mark],
  );
  return { tenant, workflowId: workflow!.id, contactIds, mark };
}
