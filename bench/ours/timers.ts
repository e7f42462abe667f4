import type { Ground, Measured } from '../work.ts';
export const timers = async (_ground: Ground): Promise<Measured> => { throw new Error('soon'); };
