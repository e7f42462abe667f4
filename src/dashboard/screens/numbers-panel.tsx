import { WorkflowNumbersDocument } from '../../generated/operations/graphql.ts';
import { useAnswer } from '../link/use-answer.ts';
import { likely, percent, verdictOf, type Experiment, type Numbers } from '../model/numbers.ts';
import { lasting } from '../model/when.ts';
import { spoken } from '../model/words.ts';
import { Loading, Trouble } from './trouble.tsx';
import { useEvery } from './use-every.ts';

/** Numbers are read anew this often: they are for deciding, the canvas is for watching. */
const READ_MS = 5_000;

/** How far people come, which goals they reach, and which variant does better. */
export function NumbersPanel({ slug }: { slug: string }) {
  const { data, error, again } = useAnswer(WorkflowNumbersDocument, { slug });
  useEvery(again, READ_MS);
  const stats = data?.workflow?.stats;
  if (!stats) return <Loading error={error} />;
  return (
    <div className="tables">
      <Trouble error={error} />
      <Funnel stats={stats} />
      <Goals stats={stats} />
      {stats.experiments.map((experiment) => <ExperimentTable key={experiment.key} experiment={experiment} />)}
    </div>
  );
}

function Funnel({ stats: { funnel } }: { stats: Numbers }) {
  // Visits: a step in a loop may have more of them than people came in.
  const most = Math.max(1, ...funnel.map(({ entered }) => entered));
  return (
    <section>
      <h2>Funnel</h2>
      <table>
        <thead><tr><th>Step</th><th>Visits</th><th>Here</th><th>Ended or jumped from here</th><th>Stayed (half, nine in ten)</th></tr></thead>
        <tbody>
          {funnel.map(({ stepKey, entered, waiting, droppedOff, dropOffRate, timeInStep }) => (
            <tr key={stepKey}>
              <RowName low={0} high={entered / most}>{spoken(stepKey)}</RowName>
              <td>{entered.toLocaleString('en')}</td>
              <td>{waiting.toLocaleString('en')}</td>
              <td>{droppedOff.toLocaleString('en')}{droppedOff > 0 && dropOffRate !== null && ` (${percent(dropOffRate)})`}</td>
              <td>{timeInStep ? `${lasting(timeInStep.medianMs)}, ${lasting(timeInStep.p90Ms)}` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Goals({ stats: { goals } }: { stats: Numbers }) {
  if (goals.length === 0) return null;
  return (
    <section>
      <h2>Goals</h2>
      <table>
        <thead><tr><th>Goal</th><th>Reached</th><th>Of all who entered</th></tr></thead>
        <tbody>
          {goals.map(({ stepKey, reached, rate }) => (
            <tr key={stepKey}>
              <RowName low={rate?.low} high={rate?.high}>{spoken(stepKey)}</RowName>
              <td>{reached.toLocaleString('en')}</td>
              <td>{likely(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ExperimentTable({ experiment }: { experiment: Experiment }) {
  return (
    <section>
      <h2>{spoken(experiment.key)}</h2>
      <p>{verdictOf(experiment)}</p>
      <table>
        <thead><tr><th>Variant</th><th>Weight</th><th>People</th><th>Converted</th><th>Rate, and what it may as well be</th></tr></thead>
        <tbody>
          {experiment.variants.map(({ name, weight, exposures, conversions, rate }) => (
            <tr key={name}>
              <RowName low={rate?.low} high={rate?.high}>{name}</RowName>
              <td>{weight ?? '–'}</td>
              <td>{exposures.toLocaleString('en')}</td>
              <td>{conversions.toLocaleString('en')}</td>
              <td>{likely(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A row's name, before a stretch between two shares of the whole. */
function RowName({ low = 0, high = 0, children }: { low?: number; high?: number; children: string }) {
  return (
    <th scope="row">
      <span className="share" aria-hidden="true" style={{ left: `${low * 100}%`, width: `${Math.max(0, high - low) * 100}%` }} />
      {children}
    </th>
  );
}
