import { ExitEnrollmentDocument, RetryStepDocument, RunNowDocument, type EnrollmentStatus } from '../../generated/operations/graphql.ts';
import { Trouble } from './trouble.tsx';
import { useSteer } from './use-steer.ts';

/** What a person may do to somebody's run, where there is something to do. `again` reads the run anew. */
export function SteerEnrollment({ id, status, again }: { id: string; status: EnrollmentStatus; again: () => void }) {
  const { busy, refusal, steer } = useSteer();
  const exit = (): void => {
    const reason = prompt('Why does this run end here?', 'by hand');
    if (reason) steer(ExitEnrollmentDocument, { id, reason }, again);
  };
  return (
    <>
      {status === 'ACTIVE' && <button type="button" disabled={busy} onClick={() => steer(RunNowDocument, { id }, again)} title="Ends the wait that it is in">Run now</button>}
      {status === 'ACTIVE' && <button type="button" disabled={busy} onClick={exit}>Exit …</button>}
      {status === 'FAILED' && <button type="button" disabled={busy} onClick={() => steer(RetryStepDocument, { id }, again)}>Retry the step</button>}
      <Trouble error={refusal} />
    </>
  );
}
