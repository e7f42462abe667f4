import { IN_HAND, type Scenario } from '../scenario.ts';
import { until } from '../../support/until.ts';

/** The statements that move runs, claim sends and record what became of them. */
const WRITES = /commit_\d|finish_\d|record_\d|dispatch_\d|claim_sends/;
const ROUNDS = 6;
const AT_ONCE = 3;

/** A statement is committed, and the line breaks before its answer: nobody can tell it from one that was undone. */
export const lostAnswers: Scenario = {
  name: 'answers of COMMIT lost',
  people: 3_000,
  explains: { troubles: ['postgres'], unknowns: IN_HAND },
  async inject(stage, crowd, full) {
    const rounds = full ? ROUNDS * 5 : ROUNDS;
    const { postgres } = stage.servers;
    const before = postgres.dropped();
    await crowd.enroll();
    for (let round = 1; round <= rounds; round += 1) {
      await crowd.share((0.8 * round) / rounds);
      postgres.dropAnswers(WRITES, AT_ONCE);
      await until('answers to drop', () => postgres.dropped() >= before + round * AT_ONCE || crowd.taken() >= crowd.people * 3.9, 60_000);
    }
    postgres.dropAnswers(/$^/, 0);
    await crowd.settles();
    return { injections: postgres.dropped() - before, slowestMs: crowd.standstill() };
  },
};
