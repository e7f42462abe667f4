import { until } from '../../support/until.ts';
import type { Scenario } from '../scenario.ts';

const HANGS = 20;

/** A provider takes some messages and never answers: each is looked up and never sent again, and no other channel waits for it. */
export const hangingProvider: Scenario = {
  name: 'a provider that takes and hangs',
  people: 1_000,
  explains: {},
  async inject(stage, crowd) {
    let hung = 0;
    stage.twilio.after = ({ kind }) => (kind === 'message' && (hung += 1) <= HANGS ? 'hang' : undefined);
    try {
      await crowd.enroll();
      const mails = (): boolean => stage.smtp.ledger.length === crowd.people;
      await until('every e-mail to leave while texts hang', mails, 120_000);
      await crowd.settles();
    } finally {
      stage.twilio.after = () => undefined;
    }
    return { injections: HANGS, slowestMs: null };
  },
};
