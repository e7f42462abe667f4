import { advance } from '../../src/core/advance.ts';
import { compile } from '../../src/core/definition/compile.ts';
import { readDefinition } from '../../src/core/definition/read.ts';
import type { Program } from '../../src/core/program.ts';
import {
  newRunState,
  type Assets,
  type Contact,
  type ContactEvent,
  type Data,
  type EffectOutcome,
  type Input,
  type Location,
  type LogRow,
  type Run,
  type Scene,
  type Transition,
} from '../../src/core/state.ts';

/** Monday 2 March 2026, 09:00 UTC. */
export const START = Date.UTC(2026, 2, 2, 9);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A complete contact; say only what matters to the test. */
export function contactOf(given: Partial<Contact> = {}): Contact {
  return {
    id: '0190a000-0000-7000-8000-000000000001',
    revision: 1,
    first_name: 'Ana',
    last_name: 'Ruiz',
    email: 'ana@example.com',
    phone: '+15551230001',
    timezone: null,
    tags: ['new-lead'],
    custom_fields: {},
    consent: {},
    created_at: START,
    updated_at: START,
    ...given,
  };
}

export const locationOf = (given: Partial<Location> = {}): Location => ({
  id: '0190a000-0000-7000-8000-00000000000a',
  name: 'Main',
  timezone: 'UTC',
  calendar: {},
  defaults: {},
  ...given,
});

export const someAssets: Assets = {
  templates: {
    welcome: { id: 't1', slug: 'welcome', channel: 'email', subject: 'Welcome {{contact.first_name}}', html: '<p>Hello {{contact.first_name}}</p>', text: null, message: null },
    reminder: { id: 't2', slug: 'reminder', channel: 'email', subject: 'A reminder', html: '<p>Hi</p>', text: 'Hi', message: null },
    ping: { id: 't3', slug: 'ping', channel: 'sms', subject: null, html: null, text: null, message: 'Ping {{contact.first_name}}' },
  },
  voicemails: { intro: { id: 'v1', slug: 'intro', audio_url: 'https://example.com/intro.mp3' } },
};

/** Compiles YAML, or only its steps when no trigger is written. Fails loudly on any structure error. */
export function programOf(yaml: string): Program {
  const text = /^name:/m.test(yaml) ? yaml : `name: Test\ntrigger: { type: manual }\n${yaml}`;
  const { definition, diagnostics } = readDefinition({ format: 'yaml', text });
  if (!definition) throw new Error(`The test's own definition is wrong:\n${JSON.stringify(diagnostics, null, 1)}`);
  return compile(definition);
}

/** A run that a test drives by hand: each call advances it and shows what would be committed. */
export interface Driver {
  run: Run;
  contact: Contact;
  now: number;
  last: Transition;
  trail: LogRow[];
  start(): Driver;
  /** Lets the pending timer come due. */
  timer(): Driver;
  outcome(outcome: EffectOutcome): Driver;
  accepted(result?: Data): Driver;
  event(type: string, data?: Data, at?: number): Driver;
  input(...inputs: Input[]): Driver;
  /** `step:status:outcome` of every row, in order. */
  path(): string[];
}

/** Given a program and a contact: a run before its first step. */
export function given(yaml: string | Program, options: { contact?: Partial<Contact>; scene?: Partial<Scene>; initial?: Data } = {}): Driver {
  const program = typeof yaml === 'string' ? programOf(yaml) : yaml;
  const contact = contactOf(options.contact);
  const rows = new Map<number, LogRow>();
  const driver: Driver = {
    run: {
      id: '0190a000-0000-7000-8000-0000000000e1',
      contactId: contact.id,
      workflowId: '0190a000-0000-7000-8000-0000000000f1',
      enrolledAt: START,
      trigger: {},
      depth: 0,
      state: newRunState(options.initial),
    },
    contact,
    now: START,
    last: undefined as unknown as Transition, // set by the first input
    trail: [],
    start: () => driver.input({ kind: 'start' }),
    timer: () => {
      const { open } = driver.run.state.position;
      if (!open || open.until === null) throw new Error('No timer is pending.');
      driver.now = Math.max(driver.now, open.until);
      return driver.input({ kind: 'timer', stepId: open.stepId, visit: open.visit });
    },
    outcome: (outcome) => {
      const { open } = driver.run.state.position;
      if (!open) throw new Error('No effect is on its way.');
      return driver.input({ kind: 'outcome', stepId: open.stepId, visit: open.visit, attempt: 1, outcome });
    },
    accepted: (result = { message_id: 'm1' }) => driver.outcome({ status: 'accepted', result }),
    event: (type, data = {}, at = driver.now) => driver.input({ kind: 'event', event: eventOf(type, data, at, contact.id) }),
    input: (...inputs) => {
      const scene: Scene = {
        now: driver.now,
        contact: driver.contact,
        workflow: { id: driver.run.workflowId, name: program.name },
        location: locationOf(),
        assets: someAssets,
        paused: false,
        ...options.scene,
      };
      driver.last = advance(program, driver.run, inputs, scene);
      driver.run = { ...driver.run, state: driver.last.state };
      driver.contact = driver.last.contact ?? driver.contact;
      for (const row of driver.last.logs) rows.set(row.seq, row);
      driver.trail = [...rows.values()];
      return driver;
    },
    path: () => driver.trail.map(({ stepId, status, outcome }) => [stepId, status, outcome].filter(Boolean).join(':')),
  };
  return driver;
}

export function eventOf(type: string, data: Data, at = START, contactId = contactOf().id): ContactEvent {
  return { id: `event-${type}-${at}`, type, contactId, at, data, source: 'test', depth: 0 };
}
