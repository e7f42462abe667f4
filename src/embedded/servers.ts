import type { Environment } from '../environment.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { startEmbeddedRedis } from './redis.ts';

export interface Servers {
  databaseUrl: string;
  /** On the embedded server, a superuser's address; else the same as `databaseUrl`. */
  adminUrl: string;
  /** Null: no Redis was to be had. */
  redisUrl: string | null;
  /** Lines for the banner: what was taken, and how to change it. */
  stories: string[];
  /** Redis first, then PostgreSQL, and only what was started here. */
  stop(): Promise<void>;
}

/** What the environment names, else private servers in the data folder. */
export async function bringUpServers(environment: Pick<Environment, 'databaseUrl' | 'redisUrl' | 'dataDir'>, say: (line: string) => void): Promise<Servers> {
  const { databaseUrl, redisUrl, dataDir } = environment;
  const postgres = databaseUrl ? null : await startEmbeddedPostgres(dataDir, say);
  const redis = redisUrl ? null : await startEmbeddedRedis(dataDir, say);
  return {
    databaseUrl: databaseUrl ?? postgres!.url,
    adminUrl: databaseUrl ?? postgres!.adminUrl,
    redisUrl: redisUrl ?? redis?.url ?? null,
    stories: [
      `PostgreSQL  ${postgres ? `${postgres.story}. Another: DATABASE_URL` : `DATABASE_URL, ${placeOf(databaseUrl!)}`}`,
      `Queue, bus  ${queueStory(redisUrl, redis?.story)}`,
    ],
    async stop() {
      await redis?.stop();
      await postgres?.stop();
    },
  };
}

function queueStory(redisUrl: string | null, story: string | undefined): string {
  if (redisUrl) return `REDIS_URL, ${placeOf(redisUrl)}`;
  if (story) return `Redis, ${story}. Another: REDIS_URL`;
  return 'PostgreSQL (no Redis here, and none could be unpacked; some five times slower). A Redis: REDIS_URL';
}

/** Host and port of an address, without its user and password. */
const placeOf = (url: string): string => new URL(url).host;
