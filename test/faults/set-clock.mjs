/** Loaded before a process under test: its clock is off by as many ms as a file says, as on a machine whose clock somebody sets while it runs. */
import { readFileSync } from 'node:fs';

const LOOK_MS = 50;
const file = process.env.FAULTS_CLOCK_FILE;
const RealDate = Date;
const realNow = Date.now;
let off = 0;

function look() {
  try {
    off = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    off = 0;
  }
}

look();
setInterval(look, LOOK_MS).unref();
const now = () => realNow.call(RealDate) + off;
RealDate.now = now;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
});
