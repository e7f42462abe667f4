import type { Context } from '../context.ts';
import type { Lane } from '../core/ports/hot-path.ts';
import type { Attributes, Work } from '../core/ports/telemetry.ts';

type Seen = Pick<Context, 'telemetry'>;

/** Does a batch's work, counted and traced where somebody listens. */
export const asBatch = <T>({ telemetry }: Seen, work: Work, lane: Lane, size: number, run: () => Promise<T>): Promise<T> =>
  (telemetry ? telemetry.batch(work, lane, size, run) : run());

/** Does a part of a batch's work. */
export const asPart = <T>({ telemetry }: Seen, name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> =>
  (telemetry ? telemetry.part(name, attributes, run) : run());
