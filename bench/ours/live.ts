import { freePort } from '../../src/embedded/ports.ts';
import { createApiKey } from '../../src/services/keys.ts';
import { broadcast, type Broadcast, type Load } from '../live/broadcast.ts';
import type { Ground, Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { setScene } from './scene.ts';
import { buildWorkers, startApi, startScript, type WorkerProcess } from './worker-process.ts';

/** What a stock server survives; ours does the same beside its own load. */
const SMALL = { sockets: 100, rate: 100 };
const RATE = 2_000;
/** Each may ask 2,000 times at once. */
const KEYS = 4;

/**
 * `size` subscribers of one API process, built and started as `npm start` does, hear 2,000 step events a second; then a stock server and ours
 * tell 100 subscribers of 100 events a second.
 */
export function live(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'api', async ({ ctx }, environment) => {
    const { who, workflowId } = await setScene(ctx, ground.databaseUrl, 0);
    const keys = await Promise.all(Array.from({ length: KEYS }, async (_, n) => (await createApiKey(ctx, who, { name: `reader ${n}`, scopes: ['read'] })).secret));
    const prefix = environment.REDIS_PREFIX!;
    const source = { redisUrl: ground.redisUrl, prefix, locationId: who.locationId, workflowId };
    const seconds = ground.size >= 1_000 ? 10 : 2;
    buildWorkers();

    const ours = async (load: Load): Promise<Broadcast> => {
      const port = await freePort(15_000 + (process.pid % 1_000));
      const api = await startApi({ ...environment, PORT: String(port), HOST: '127.0.0.1' });
      return andStop(api, broadcast(api, { port, keys }, { ...source, way: 'bus' }, load));
    };
    const stock = async (load: Load): Promise<Broadcast> => {
      const server = await startScript('peers/stock-live-process.ts', [ground.redisUrl, prefix]);
      const { port } = server.told as { port: number };
      return andStop(server, broadcast(server, { port, keys: ['none'] }, { ...source, way: 'events' }, load));
    };
    const all = await ours({ sockets: ground.size, rate: RATE, seconds });
    const peer = await stock({ ...SMALL, seconds });
    const small = await ours({ ...SMALL, seconds });
    for (const [name, told] of Object.entries({ ours: all, 'ours, small': small, stock: peer })) process.stdout.write(`  ${name}: ${lineOf(told)}\n`);
    return {
      contender: 'Millrace, live', enrollments: 0, steps: all.deliveries / ground.size, seconds: all.seconds, cpuSeconds: all.cpuSeconds, peakMemoryMb: all.peakMb,
      figures: { subscribers: ground.size, micros: all.micros, perSecond: all.deliveries / all.seconds, resumed: all.resumed, p50: all.p50, p99: all.p99, smallMicros: small.micros, smallP50: small.p50, smallP99: small.p99, stockMicros: peer.micros, stockP50: peer.p50, stockP99: peer.p99 },
    };
  });
}

async function andStop<T>(server: WorkerProcess, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await server.stop();
  }
}

const lineOf = ({ micros, p50, p99, resumed, peakMb, deliveries, seconds }: Broadcast): string =>
  `${micros.toFixed(2)} µs a delivery, ${Math.round(deliveries / seconds).toLocaleString('en')} deliveries/s, p50 ${p50} ms, p99 ${p99} ms, ${peakMb.toFixed(0)} MB${resumed > 0 ? `, ${resumed} × let go with a cursor and come back` : ''}`;
