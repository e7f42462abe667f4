/** What the processes of the live workload tell each other. */
export interface ReaderPlan {
  port: number;
  /** Keys that the sockets take in turn. */
  keys: string[];
  sockets: number;
  /** Sockets that read what they get; the others only count frames. */
  sampled: number;
}

export type ToReader = { ask: 'counts' } | { ask: 'begin'; expected: number } | { ask: 'report' };
export interface Counts {
  /** Of the socket that got least. */
  fewest: number;
  most: number;
  /** Sockets that the server closed without a word on how to go on. */
  closed: number;
  /** How often a socket that fell behind was closed with a cursor, and came back by it. */
  resumed: number;
}
export interface Report extends Counts {
  /** Events that sampled sockets read, and what was wrong with them: lost, doubled, out of order. */
  read: number;
  faults: string[];
  /** Milliseconds from the commit to a reader that has parsed the event. */
  p50: number;
  p99: number;
}

export interface PublisherPlan {
  redisUrl: string;
  /** `bus`: as a worker publishes; `events`: each event by itself over PUBLISH, for the stock server. */
  way: 'bus' | 'events';
  prefix: string;
  locationId: string;
  workflowId: string;
}
export interface ToPublisher {
  rate: number;
  /** Events, numbered from `first`. */
  first: number;
  count: number;
}
