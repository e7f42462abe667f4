import { randomBytes } from 'node:crypto';

/** The Redis that tests share. `npm test` starts one and names it here. */
export const testRedisUrl = (): string => process.env.TEST_REDIS_URL ?? 'none';

/** False where `npm test` found no Redis: what needs one is skipped, its PostgreSQL twin is not. */
export const hasRedis = (): boolean => testRedisUrl() !== 'none';

/** A key prefix of a test's own: tests share a server and never each other's keys. */
export const testPrefix = (): string => `test:${randomBytes(6).toString('hex')}`;
