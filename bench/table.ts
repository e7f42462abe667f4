import type { Medians } from './targets.ts';
import type { Line } from './targets.ts';

/** Both tables as Markdown: ratios against their targets, and what each contender spent. */
export const tablesOf = (lines: Line[], medians: Medians): string => `${ratiosTable(lines)}\n\n${costsTable(medians)}\n`;

function ratiosTable(lines: Line[]): string {
  const rows = lines.map(({ workload, ours, peer, ratio, target, holds }) => [workload, ours, peer, ratio.toFixed(2), target, target === '' ? '' : holds ? 'yes' : 'no']);
  return markdown(['workload', 'ours', 'beside', 'ratio', 'target', 'holds'], rows);
}

function costsTable(medians: Medians): string {
  const rows = Object.values(medians).map(({ contender, steps, seconds, cpuSeconds, postgres, peakMemoryMb }) => {
    const per1k = (amount: number | null | undefined): string => (amount === null || amount === undefined ? '' : ((amount / steps) * 1_000).toFixed(3));
    return [contender, Math.round(steps / seconds).toLocaleString('en'), per1k(cpuSeconds), per1k(postgres?.cpuSeconds), perStep(postgres?.walBytes, steps, 0), perStep(postgres?.commits, steps, 3), peakMemoryMb.toFixed(0)];
  });
  return markdown(['contender', 'steps/s', 'CPU-s/1,000 steps: node', 'postgres', 'WAL bytes a step', 'commits a step', 'peak MB'], rows);
}

const perStep = (amount: number | undefined, steps: number, digits: number): string => (amount === undefined ? '' : (amount / steps).toFixed(digits));

const markdown = (head: string[], rows: string[][]): string => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
