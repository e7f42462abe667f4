import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { canvasShape, fromCanvas } from '../../src/core/definition/canvas.ts';
import { readDefinition, type Source } from '../../src/core/definition/read.ts';
import type { Import } from '../../src/services/transfer.ts';
import { hostileInputs } from '../../test/support/hostile-inputs.ts';
import { measure, type Ground, type Measured } from '../work.ts';

/** A reading that is shorter is repeated until it has taken so long. */
const LEAST_MS = 4;

/**
 * What each hostile input costs to refuse, beside a good definition of as many bytes in the same form: CPU, the median of `size` readings that take
 * turns. Then all of them again and again: the heap is no larger afterwards.
 */
export function hostile({ size }: Ground): Promise<Measured> {
  const rows: { what: string; ratio: number }[] = [];
  let grown = 0;
  return measure('Millrace, hostile input', hostileInputs.length, async () => {
    for (const [what, given] of hostileInputs) {
      const [bad, good] = [readerOf(given), readerOf(goodLike(given))];
      for (const read of [bad, good]) millisOf(read);
      const pairs = Array.from({ length: size }, () => [millisOf(bad), millisOf(good)] as const);
      rows.push({ what, ratio: median(pairs.map(([ms]) => ms)) / median(pairs.map(([, ms]) => ms)) });
    }
    grown = growth(() => hostileInputs.forEach(([, given]) => readerOf(given)()));
  }).then((measured) => {
    const worst = rows.toSorted((a, b) => b.ratio - a.ratio);
    process.stdout.write(`${worst.slice(0, 5).map(({ what, ratio }) => `  ${ratio.toFixed(1)} × ${what.slice(0, 60)}`).join('\n')}\n`);
    return { ...measured, figures: { worst: worst[0]!.ratio, median: median(rows.map(({ ratio }) => ratio)), grownMb: grown } };
  });
}

function readerOf(given: Import): () => void {
  if (given.format !== 'canvas') return () => void readDefinition(given);
  return () => void readDefinition({ format: 'json', value: fromCanvas(canvasShape.parse(given.value)) });
}

/** CPU milliseconds of one call. */
function millisOf(work: () => void): number {
  const before = process.cpuUsage();
  for (let calls = 1; ; calls += 1) {
    work();
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms >= LEAST_MS) return ms / calls;
  }
}

/** Megabytes by which the heap is larger after five more rounds. */
function growth(round: () => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  round();
  const before = heap();
  for (let n = 0; n < 5; n += 1) round();
  return (heap() - before) / 1024 ** 2;
}

/** A good definition of about as many bytes: messages, as many as a file may have, and as long as they must be. */
function goodLike(given: Import): Source {
  const bytes = given.format === 'yaml' ? given.text.length : sizeOf(given.value);
  const count = Math.max(1, Math.min(500, Math.floor(bytes / 120)));
  const message = 'Hello {{contact.first_name}}, '.padEnd(Math.max(40, Math.floor(bytes / count) - 75), 'how are you? ').slice(0, 4_000);
  const steps = Array.from({ length: count }, (_, n) => ({ id: `s${n}`, type: 'send_sms', config: { message } }));
  if (given.format !== 'yaml') return { format: 'json', value: { name: 'Good', trigger: { type: 'manual' }, steps } };
  return { format: 'yaml', text: `name: Good\ntrigger: { type: manual }\nsteps:\n${steps.map(({ id }) => `  - id: ${id}\n    type: send_sms\n    config: { message: ${JSON.stringify(message)} }\n`).join('')}` };
}

/** Bytes of the JSON, which is too deep for the library in some. */
function sizeOf(value: unknown): number {
  let bytes = 0;
  for (const waiting: unknown[] = [value]; waiting.length > 0; ) {
    const node = waiting.pop();
    bytes += typeof node === 'string' ? node.length + 3 : 2;
    if (typeof node === 'object' && node !== null) for (const [key, item] of Object.entries(node)) waiting.push(Array.isArray(node) ? item : (bytes += key.length + 3, item));
  }
  return bytes;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
