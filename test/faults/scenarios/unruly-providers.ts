import type { Reply } from '../../support/http-double.ts';
import type { Scenario } from '../scenario.ts';

/** Every shape of `Retry-After`; the absurd ones are far below what may be waited for in a test only when they are refused or clamped. */
const SHAPES: (Record<string, string> | (() => Record<string, string>))[] = [
  { 'retry-after': '1' }, () => ({ 'retry-after': new Date(Date.now() + 2_000).toUTCString() }), {}, { 'retry-after': 'soon' }, { 'retry-after': '-5' }, { 'retry-after': '0' }, { 'retry-after': '1.5' },
];
/** In turn: too many requests, an error, silence after taking it, a cut line, a slow answer. */
const HARM_EVERY = 4;

/** Providers that fail, ask for patience in every way, take a message and cut the line, and answer slowly. */
export const unrulyProviders: Scenario = {
  name: 'unruly providers',
  people: 2_000,
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
      return { status: 429, headers: { 'content-type': 'application/json', ...(typeof shape === 'function' ? shape() : shape) }, body: '{"code":20429,"message":"Too Many Requests"}' };
    };
    const replies = [throttled, (): Reply => ({ status: 503, body: '{}' }), (): Reply => 'reset', throttled, (): Reply => ({ status: 500, body: '{}', afterMs: 1_500 })];
    const { twilio, webhooks, smtp } = stage;
    twilio.before = ({ method, path, body }) => {
      const n = method === 'POST' && path.includes('Messages') ? turn(`sms ${new URLSearchParams(body).get('To')}`) : null;
      return n === null ? undefined : replies[n % replies.length]!(n);
    };
    twilio.after = ({ kind, params }) => (kind === 'message' && (turn(`after ${params['To']}`) ?? 0) % 5 === 1 ? 'reset' : undefined);
    webhooks.script = ({ body }) => {
      const n = turn(`hook ${body}`);
      return n === null ? undefined : replies[n % replies.length]!(n);
    };
    smtp.onMail = ({ to }) => {
      const n = turn(`mail ${to}`);
      return n === null ? undefined : n % 2 === 0 ? { code: 451, text: 'try again' } : 'drop';
    };
    try {
      await crowd.enroll();
      await crowd.settles();
    } finally {
      Object.assign(twilio, { before: () => undefined, after: () => undefined });
      webhooks.script = () => undefined;
      smtp.onMail = () => undefined;
    }
    return { injections: harmed, slowestMs: null };
  },
};
