import type { Reply } from '../../support/http-double.ts';
import type { Crowd } from '../crowd.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** Ten years, and more: nobody is waited for longer than an hour, and a test not even that long. */
const ABSURD = [{ 'retry-after': '315360000' }, { 'retry-after': '9'.repeat(400) }, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }];
const LONGEST_WAIT_MS = 3_600_000 + 1_000;
/** Every shape of `Retry-After`. */
const SHAPES: (Record<string, string> | (() => Record<string, string>))[] = [
  { 'retry-after': '1' },
  () => ({ 'retry-after': new Date(Date.now() + 2_000).toUTCString() }),
  {},
  { 'retry-after': 'soon' },
  { 'retry-after': '-5' },
  { 'retry-after': '0' },
  { 'retry-after': '1.5' },
  { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' },
  { 'retry-after': 'Infinity' },
  { 'retry-after': '' },
  ...ABSURD,
];
/** In turn: too many requests, an error, silence after taking it, a cut line, a slow answer. */
const HARM_EVERY = 4;

/** Providers that fail, ask for patience in every way, take a message and cut the line, and answer slowly. */
export const unrulyProviders: Scenario = {
  name: 'unruly providers',
  people: 2_000,
  explains: {},
  async inject(stage, crowd) {
    let harmed = 0;
    let asked = 0;
    const seen = new Map<string, number>();
    /** Each receiver is harmed once: a send has five attempts, and all of them must arrive. */
    const turn = (key: string): number | null => {
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      asked += 1;
      return before > 0 || asked % HARM_EVERY !== 0 ? null : (harmed += 1);
    };
    const throttled = (n: number): Reply => {
      const shape = SHAPES[n % SHAPES.length]!;
      return {
        status: 429,
        headers: { 'content-type': 'application/json', ...(typeof shape === 'function' ? shape() : shape) },
        body: '{"code":20429,"message":"Too Many Requests"}',
      };
    };
    const replies = [throttled, (): Reply => ({ status: 503, body: '{}' }), (): Reply => 'reset', throttled, (): Reply => ({ status: 500, body: '{}', afterMs: 1_500 })];
    const { twilio, webhooks, smtp } = stage;
    twilio.before = ({ method, path, body }) => {
      const n = method === 'POST' && path.includes('Messages') ? turn(`sms ${new URLSearchParams(body).get('To')}`) : null;
      return n === null ? undefined : replies[n % replies.length]!(n);
    };
    twilio.after = ({ kind, params }) => (kind === 'message' && (turn(`after ${params['To']}`) ?? 0) % 5 === 1 ? 'reset' : undefined);
    webhooks.script = (request) => {
      const n = turn(`hook ${request.body}`);
      if (n !== null) webhooks.ledger.splice(webhooks.ledger.indexOf(request), 1); // what is refused is not taken
      return n === null ? undefined : replies[n % replies.length]!(n);
    };
    smtp.onMail = ({ to }) => {
      const n = turn(`mail ${to}`);
      return n === null ? undefined : n % 2 === 0 ? { code: 451, text: 'try again' } : 'drop';
    };
    let longestMs = 0;
    try {
      await crowd.enroll();
      longestMs = await pullIn(stage, crowd);
      await crowd.settles();
    } finally {
      Object.assign(twilio, { before: () => undefined, after: () => undefined });
      webhooks.script = () => undefined;
      smtp.onMail = () => undefined;
    }
    const problems = [
      ...(longestMs > LONGEST_WAIT_MS ? [`a provider's wish to wait ${longestMs} ms was followed`] : []),
      ...(longestMs < LONGEST_WAIT_MS / 2 ? ['no absurd wish was heard'] : []),
    ];
    return { injections: harmed, slowestMs: null, problems };
  },
};

/** Brings what waits for long to now, until all have left. Gives the longest wait that was begun (machine ms). */
async function pullIn(stage: Stage, crowd: Crowd): Promise<number> {
  const workflowIds = crowd.parts.map(({ workflowId }) => workflowId);
  let longest = 0;
  for (let open = 1; open > 0;) {
    const [row] = await stage.ask<{ ms: number | null; open: number }>(
      `SELECT max(date_part('epoch', next_attempt_at - now()) * 1000) AS ms, (SELECT count(*)::int FROM workflow_enrollments WHERE workflow_id = ANY($1) AND status = 'active') AS open
       FROM sends WHERE workflow_id = ANY($1) AND ended_at IS NULL`,
      [workflowIds],
    );
    open = row!.open;
    longest = Math.max(longest, row!.ms ?? 0);
    await stage.ask("UPDATE sends SET next_attempt_at = now() WHERE workflow_id = ANY($1) AND status = 'pending' AND next_attempt_at > now() + interval '5 minutes'", [
      workflowIds,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return longest;
}
