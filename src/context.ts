import type { AssetStore, EventStore, RunStore, SendStore, VersionStore } from './core/ports/hot-path.ts';
import type { Bus, Clock, Providers, Queue } from './core/ports/outside.ts';
import type { Desk } from './core/ports/desk.ts';
import type { ScheduleStore } from './core/ports/schedules.ts';
import type { DoorStore } from './core/ports/doors.ts';
import type { Environment } from './environment.ts';
import type { Logger } from './logger.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import type { Telemetry } from './core/ports/telemetry.ts';
import type { Tokens } from './core/ports/tokens.ts';
import type { Vault } from './core/ports/vault.ts';

/** The bag of ports that `compose.ts` fills and everybody else only reads. */
export interface Context {
  environment: Environment;
  logger: Logger;
  clock: Clock;
  runs: RunStore;
  events: EventStore;
  schedules: ScheduleStore;
  versions: VersionStore;
  assets: AssetStore;
  sends: SendStore;
  /** What people read and edit, one location at a time: `ctx.desk(locationId)`. */
  desk: Desk;
  /** For the GraphQL doors alone, and only to read: Prisma, as one location sees it. */
  reader(locationId: string): PrismaClient;
  /** Answers kept for repeated requests, and the installation's health. */
  doors: DoorStore;
  queue: Queue;
  bus: Bus;
  providers: Providers;
  tokens: Tokens;
  vault: Vault;
  /** Left out: nothing is counted or traced (tests). */
  telemetry?: Telemetry;
}
