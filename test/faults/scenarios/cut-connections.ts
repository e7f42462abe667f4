import { IN_HAND, type Scenario } from '../scenario.ts';

const OURS = "application_name IN ('execution', 'scheduling', 'triggers', 'delivery', 'api')";
/** Backends in the middle of a statement that writes: what it wrote is undone, or only its answer is lost. */
const CUT_WRITING = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} AND state = 'active' AND backend_xid IS NOT NULL`;
const CUT_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`;
const CUTS = 6;

/** PostgreSQL ends connections: those that write, then all, then those to Redis break as well. No process ends for it. */
export const cutConnections: Scenario = {
  name: 'connections cut',
  people: 3_000,
  explains: { troubles: ['postgres', 'redis'], unknowns: 2 * IN_HAND },
  async inject(stage, crowd) {
    const { redis } = stage.servers;
    await crowd.enroll();
    for (let cut = 1; cut <= CUTS; cut += 1) {
      await crowd.share((0.8 * cut) / CUTS);
      if (cut % 3 === 0) redis.cut();
      await stage.ask(cut % 2 === 0 ? CUT_ALL : CUT_WRITING);
      redis.mend();
      await crowd.recovers();
    }
    await crowd.settles();
    return { injections: CUTS, slowestMs: crowd.standstill() };
  },
};
