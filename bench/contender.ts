import { contenders, type ContenderName } from './contenders.ts';
import type { Ground } from './work.ts';

/** One run of one contender, in a process of its own: `contender.ts <name> <ground as JSON>`. Tells its parent what it measured. */
const [name, ground] = process.argv.slice(2);
const measured = await contenders[name as ContenderName].run(JSON.parse(ground ?? '') as Ground);
process.send?.(measured, () => process.exit(0));
