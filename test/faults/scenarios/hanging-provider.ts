import { until } from '../../support/until.ts';
import type { TwilioEntry } from '../../support/twilio-double.ts';
import type { Scenario } from '../scenario.ts';

/** How many of each kind hang. */
const HANGS = { message: 20, call: 10, hook: 10 };

/** Providers take some messages, calls and requests and never answer: each is looked up or told again by the same id, none is sent again, and no other channel waits for it. */
export const hangingProvider: Scenario = {
  name: 'providers that take and hang',
  people: 1_000,
  explains: {},
  async inject(stage, crowd) {
    const hung = { message: 0, call: 0, hook: 0 };
    const hangs = (kind: keyof typeof HANGS): 'hang' | undefined => ((hung[kind] += 1) <= HANGS[kind] ? 'hang' : undefined);
    stage.twilio.after = ({ kind }: TwilioEntry) => hangs(kind);
    stage.webhooks.script = () => hangs('hook');
    try {
      await crowd.enroll();
      const mails = (): boolean => stage.smtp.ledger.length === crowd.people;
      await until('every e-mail to leave while texts hang', mails, 120_000);
      await crowd.settles();
    } finally {
      stage.twilio.after = () => undefined;
      stage.webhooks.script = () => undefined;
    }
    return { injections: HANGS.message + HANGS.call + HANGS.hook, slowestMs: null };
  },
};
