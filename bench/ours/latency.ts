import type { Ground, Measured } from '../work.ts';
export const latency = async (_ground: Ground): Promise<Measured> => { throw new Error('soon'); };
