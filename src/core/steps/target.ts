import { z } from 'zod';

/** The id of a step, or an end: `end`, `exit_<word>`. Whether it exists is the linter's to say; inline arms were hoisted before. */
export const target = z.string().min(1).max(100);
