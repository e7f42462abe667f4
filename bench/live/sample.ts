import { eventAt } from './story.ts';

/** A subscriber that reads what it gets, and looks whether every event comes once and in its order. */
export interface Sample {
  /** Counts anew: event `expected` comes next. */
  begin(expected: number): void;
  take(payload: unknown): void;
  /** Milliseconds of each event since its commit. */
  latencies: number[];
  faults(): string[];
}

interface Told {
  __typename: string;
  cursor: string;
  at: string;
  enrollmentId: string;
  to: string;
}

/** A new one, added to `all`. */
export function createSample(all: Sample[]): Sample {
  let next = 0;
  let wrong = 0;
  let first = '';
  const fault = (what: string): void => {
    wrong += 1;
    first ||= what;
  };
  const sample: Sample = {
    latencies: [],
    begin(expected) {
      next = expected;
      if (expected === 0) [wrong, first] = [0, '']; // until everybody listens, the first event is told again and again
      sample.latencies = [];
    },
    take(payload) {
      const event = (payload as { data?: { workflowEvents?: Told } }).data?.workflowEvents;
      if (!event?.cursor || event.__typename === 'ActivityGap') return fault(JSON.stringify(payload));
      sample.latencies.push(Date.now() - Date.parse(event.at));
      const { enrollmentId, to } = eventAt(next);
      if (event.to !== to || !sameRun(event.enrollmentId, enrollmentId)) fault(`expected event ${next}, came ${JSON.stringify(event)}`);
      next += 1;
    },
    faults: () => (wrong === 0 ? [] : [`${wrong} faults, the first: ${first}`]),
  };
  all.push(sample);
  return sample;
}

/** Node ids are Base64 of a type and a uuid. */
const sameRun = (nodeId: string, uuid: string): boolean => nodeId === uuid || Buffer.from(nodeId, 'base64').toString().endsWith(uuid);
