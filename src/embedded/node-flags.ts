import { workerNames } from '../core/ports/doors.ts';

/**
 * How a process of ours runs. The batches that a worker has in hand fit into a young generation of two times 64 MB, so that most of it is dropped at
 * once instead of being copied; the others hold less at a time. https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export const nodeFlagsOf = (name: string): string[] => [`--max-semi-space-size=${(workerNames as readonly string[]).includes(name) ? 64 : 32}`];
