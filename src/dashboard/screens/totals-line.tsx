import type { Totals } from '../model/live-canvas.ts';

const PARTS: readonly (readonly [keyof Totals, string])[] = [
  ['enrolled', 'entered'], ['active', 'on the way'], ['completed', 'completed'], ['exited', 'exited'], ['failed', 'failed'],
];

/** How many came in, and what became of them; dashes until it was told. */
export function TotalsLine({ totals }: { totals: Totals | null }) {
  return (
    <dl className="totals">
      {PARTS.map(([key, name]) => (
        <div key={key} className={totals && totals[key] > 0 ? key : undefined}>
          <dt>{name}</dt>
          <dd>{totals?.[key].toLocaleString('en') ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
