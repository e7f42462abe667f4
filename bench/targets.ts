import type { ContenderName } from './contenders.ts';
import type { Measured } from './work.ts';

/** What a workload came to: ours, who it stands beside, and their ratio against what was promised. */
export interface Line {
  workload: string;
  ours: string;
  peer: string;
  ratio: number;
  /** Empty for what is only reported. */
  target: string;
  holds: boolean;
}

/** The median run of each contender. */
export type Medians = Partial<Record<ContenderName, Measured>>;

export function linesOf(medians: Medians): Line[] {
  return [...throughput(medians), ...within(medians)];
}

const rate = ({ steps, seconds }: Measured): number => steps / seconds;
const perSecond = (measured: Measured): string => `${Math.round(rate(measured)).toLocaleString('en')}/s`;

/** `[ours, peer, what it is, at least]`; null for what is only reported. */
const RATIOS: [ContenderName, ContenderName, string, number | null][] = [
  ['two-phase', 'dbos', 'two-phase ÷ DBOS Transact', 40],
  ['two-phase', 'graphile', 'two-phase ÷ graphile-worker, a job a step', 25],
  ['two-phase', 'bullmq', 'two-phase ÷ raw BullMQ, a job a step, no database', 3],
  ['two-phase', 'copy', 'two-phase ÷ COPY of the same log rows', 0.25],
  ['delivered', 'dbos', 'two-phase, by a delivery worker ÷ DBOS Transact', null],
  ['one-by-one', 'dbos', 'batch size 1 ÷ DBOS Transact', 3],
];

function throughput(medians: Medians): Line[] {
  return RATIOS.flatMap(([ours, peer, workload, least]): Line[] => {
    const [a, b] = [medians[ours], medians[peer]];
    if (!a || !b) return [];
    const ratio = rate(a) / rate(b);
    return [{ workload, ours: perSecond(a), peer: perSecond(b), ratio, target: least === null ? '' : `≥ ${least}`, holds: ratio >= (least ?? 0) }];
  });
}

/** Workloads that compare two halves of one run, and limits. */
function within({ timers, latency, triggers, hostile, live }: Medians): Line[] {
  const lines: Line[] = [];
  const most = (workload: string, ours: string, peer: string, ratio: number, limit: number): void => void lines.push({ workload, ours, peer, ratio, target: `≤ ${limit}`, holds: ratio <= limit });
  if (timers?.figures) {
    const { manyMicros = NaN, fewMicros = NaN, manyCpuMicros = NaN, fewCpuMicros = NaN } = timers.figures;
    most('CPU of a due timer, 1,000,000 pending ÷ 10,000', `${manyCpuMicros.toFixed(0)} µs`, `${fewCpuMicros.toFixed(0)} µs`, manyCpuMicros / fewCpuMicros, 1.3);
    most('time of a due timer, 1,000,000 pending ÷ 10,000', `${manyMicros.toFixed(0)} µs`, `${fewMicros.toFixed(0)} µs`, manyMicros / fewMicros, 1.3);
  }
  if (latency?.figures) {
    const { idleP50 = NaN, idleP99 = NaN, busyP50 = NaN, busyP99 = NaN } = latency.figures;
    most('first step at 200 arrivals/s, p50 in ms', `${idleP50.toFixed(1)} ms`, '', idleP50, 15);
    most('the same while 80,000 drain, p99 ÷ idle p99', `${busyP99.toFixed(0)} ms (p50 ${busyP50.toFixed(0)})`, `${idleP99.toFixed(0)} ms`, busyP99 / idleP99, 10);
    most('peak memory of an execution worker, MB', `${latency.peakMemoryMb.toFixed(0)} MB`, '', latency.peakMemoryMb, 300);
  }
  if (triggers?.figures) lines.push(...triggerLines(triggers.figures));
  if (hostile?.figures) {
    const { worst = NaN, median = NaN, grownMb = NaN } = hostile.figures;
    most('CPU of hostile input ÷ a good definition of its size, the worst', `${worst.toFixed(1)} ×`, `${median.toFixed(1)} × (median)`, worst, 20);
    most('heap that it leaves behind, MB', `${grownMb.toFixed(1)} MB`, '', grownMb, 1);
  }
  if (live?.figures) lines.push(...liveLines(live.figures, live.peakMemoryMb));
  return lines;
}

function triggerLines({ eventsPerSecond = NaN, naivePerSecond = NaN, matchMicros = NaN, cpuMicros = NaN }: Record<string, number>): Line[] {
  const ratio = eventsPerSecond / naivePerSecond;
  const share = (matchMicros / cpuMicros) * 100;
  return [
    { workload: 'events against 200 workflows ÷ a naive interpreter', ours: `${Math.round(eventsPerSecond).toLocaleString('en')}/s`, peer: `${Math.round(naivePerSecond).toLocaleString('en')}/s`, ratio, target: '≥ 10', holds: ratio >= 10 },
    { workload: 'matching, per cent of the CPU of an event', ours: `${matchMicros.toFixed(1)} µs`, peer: `${cpuMicros.toFixed(0)} µs`, ratio: share, target: '≤ 5', holds: share <= 5 },
  ];
}

function liveLines({ subscribers = NaN, micros = NaN, perSecond = NaN, resumed = NaN, p50 = NaN, p99 = NaN, stockMicros = NaN, smallMicros = NaN, stockP99 = NaN, smallP99 = NaN }: Record<string, number>, peakMb: number): Line[] {
  const each = (value: number): string => `${value.toFixed(2)} µs`;
  const line = (workload: string, ours: string, peer: string, ratio: number, target: string, holds: boolean): Line => ({ workload, ours, peer, ratio, target, holds });
  return [
    line(`µs of CPU a delivery, ${subscribers.toLocaleString('en')} subscribers × 2,000 events/s`, `${each(micros)}, ${(perSecond / 1e6).toFixed(2)} million/s`, `${resumed} let go with a cursor`, micros, '≤ 1', micros <= 1),
    line('stock graphql-ws at 100 × 100 ÷ that', each(micros), each(stockMicros), stockMicros / micros, '≥ 50', stockMicros / micros >= 50),
    line('stock graphql-ws ÷ ours, both at 100 × 100', each(smallMicros), each(stockMicros), stockMicros / smallMicros, '', true),
    line('from commit to a subscriber that parsed it, p99 in ms', `${p99.toFixed(0)} ms (p50 ${p50.toFixed(0)})`, `at 100 × 100: stock ${stockP99.toFixed(0)} ms, ours ${smallP99.toFixed(0)} ms`, p99, '', true),
    line('peak memory of the API, MB', `${peakMb.toFixed(0)} MB`, '', peakMb, '≤ 512', peakMb <= 512),
  ];
}
