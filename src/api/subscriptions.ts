import type { EnrollmentEvent as StreamEvent, WorkflowStats } from '../core/ports/records.ts';
import { enrollmentStream } from '../live/enrollment-stream.ts';
import { shared } from '../live/shared.ts';
import { createSharedReads } from '../live/shared-reads.ts';
import { workflowStream, type Move, type WorkflowFrame } from '../live/workflow-stream.ts';
import { getEnrollment, logEventsAfter } from '../services/enrollments.ts';
import { getWorkflow } from '../services/workflows.ts';
import { workflowStats } from '../services/stats.ts';
import { builder, type ApiContext } from './builder.ts';
import { EnrollmentStatus } from './enums.ts';
import { invalidArgument, nodeId, uuidOf } from './ids.ts';
import { EdgeStats, NodeStats, WorkflowTotals } from './stats.ts';

type EventOf<Kind extends StreamEvent['kind']> = Extract<StreamEvent, { kind: Kind }>;
type NodeCount = WorkflowStats['nodes'][number];
type EdgeCount = WorkflowStats['edges'][number];
type Frame = WorkflowFrame<NodeCount, EdgeCount, WorkflowStats>;

const CURSOR = 'Hand it back as `after` to go on behind this event.';

const StepStarted = builder.objectRef<EventOf<'step_started'>>('StepStarted').implement({
  description: 'A contact entered a step.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    ...stepFields(t),
  }),
});

const StepEnded = builder.objectRef<EventOf<'step_ended'>>('StepEnded').implement({
  description: 'A step was completed, skipped, or failed.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    ...stepFields(t),
    outcome: t.string({ nullable: true, description: 'The edge that was taken.', resolve: ({ log }) => log.outcome }),
  }),
});

const TrackingFact = builder.objectRef<EventOf<'fact'>>('TrackingFact').implement({
  description: 'Word of a message that left: delivered, opened, clicked …',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    name: t.string({ description: '`delivered`, `opened`, `clicked` …', resolve: ({ fact }) => fact.name }),
    stepKey: t.string({ description: 'The step that sent the message.', resolve: ({ fact }) => fact.stepId }),
    visit: t.int({ description: 'Which visit to that step, from 1.', resolve: ({ fact }) => fact.visit }),
  }),
});

const StatusChanged = builder.objectRef<EventOf<'status_changed'>>('StatusChanged').implement({
  description: 'The run began or ended.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    status: t.expose('status', { type: EnrollmentStatus, description: 'What the run is from then on.' }),
    exitReason: t.exposeString('exitReason', { nullable: true, description: 'Why it left, or failed.' }),
  }),
});

const EVENT_TYPES = { step_started: StepStarted, step_ended: StepEnded, fact: TrackingFact, status_changed: StatusChanged };

const EnrollmentEvent = builder.unionType('EnrollmentEvent', {
  description: 'What one run\'s stream tells, in order. Every member has a `cursor`.',
  types: Object.values(EVENT_TYPES),
  resolveType: (event) => EVENT_TYPES[(event as StreamEvent).kind],
});

type StepEvent = EventOf<'step_started'> | EventOf<'step_ended'>;

/** What both step events tell. The log row comes with the event; `log` reads it again only when more than the event is asked. */
function stepFields<Parent extends StepEvent>(t: PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Parent>) {
  return {
    stepKey: t.string({ description: 'The step\'s `id` in the definition.', resolve: ({ log }) => log.stepId }),
    stepType: t.string({ description: 'The step\'s kind.', resolve: ({ log }) => log.stepType }),
    seq: t.int({ description: 'Its place in the run, from 1.', resolve: ({ log }) => log.seq }),
    visit: t.int({ description: 'Which visit to this step, from 1.', resolve: ({ log }) => log.visit }),
    log: t.prismaField({
      type: 'StepLog',
      nullable: true,
      description: 'The log row as it is now.',
      resolve: (query, { log: { enrollmentId, seq } }, _args, { db }) => db.stepLog.findUnique({ ...query, where: { enrollmentId_seq: { enrollmentId, seq } } }),
    }),
  };
}

const ContactMove = builder.objectRef<Move>('ContactMove').implement({
  description: 'One contact going over one edge.',
  fields: (t) => ({
    enrollmentId: t.id({ description: 'The enrollment\'s node id.', resolve: ({ enrollmentId }) => nodeId('Enrollment', enrollmentId) }),
    from: t.exposeString('from', { description: 'The step it left; empty for the entry.' }),
    outcome: t.exposeString('outcome', { description: 'The edge that was taken.' }),
    to: t.exposeString('to', { description: 'The step it reached; empty for the end.' }),
  }),
});

const LiveFrame = builder.objectRef<Frame>('LiveFrame').implement({
  description: 'A workflow\'s numbers at one time.',
  fields: (t) => ({
    snapshot: t.exposeBoolean('snapshot', {
      description: 'True for a frame that has every node and edge: the first one, and the next one for a reader that was too slow for some. All others have what changed.',
    }),
    totals: t.expose('totals', { type: WorkflowTotals, description: 'Enrollments by status.' }),
    nodes: t.expose('nodes', { type: [NodeStats], description: 'Newest value of each node.' }),
    edges: t.expose('edges', { type: [EdgeStats], description: 'Newest value of each edge.' }),
    moves: t.expose('moves', { type: [ContactMove], description: 'Who moved since the frame before, 100 at most.' }),
    omittedMoves: t.exposeInt('omittedMoves', { description: 'How many more moved.' }),
    asOf: t.field({ type: 'DateTime', description: 'When the numbers were read, in journey time.', resolve: ({ totals }) => totals.asOf }),
  }),
});

const sharedRead = createSharedReads();

/** The numbers of a workflow by key, as the stream compares them; everybody of the location who watches it shares one reading. */
async function readCounters({ ctx, who }: ApiContext, workflowId: string) {
  const totals = await sharedRead(`${who.locationId}/${workflowId}`, () => workflowStats(ctx, who, { workflowId }));
  return {
    totals,
    nodes: new Map(totals.nodes.map((node) => [node.stepKey, node])),
    edges: new Map(totals.edges.map((edge) => [`${edge.from}\n${edge.outcome}`, edge])),
  };
}

builder.subscriptionFields((t) => ({
  enrollmentEvents: t.field({
    type: EnrollmentEvent,
    description: 'Everything that happens to one enrollment, none lost and none twice: what the log holds behind `after`, then what is committed. Ends when the run ends.',
    args: {
      enrollmentId: t.arg.id({ required: true, description: 'Node id or uuid.' }),
      after: t.arg({ type: 'Cursor', description: 'Go on behind this cursor; from the start without.' }),
    },
    subscribe: async (_root, args, { ctx, who }) => {
      const enrollmentId = uuidOf('Enrollment', args.enrollmentId);
      await getEnrollment(ctx, who, { id: enrollmentId });
      return enrollmentStream({ bus: ctx.bus, enrollmentId, after: args.after ?? null, read: (after) => logEventsAfter(ctx, who, { enrollmentId, after }) });
    },
    resolve: (event) => event as StreamEvent,
  }),
  workflowLive: t.field({
    type: LiveFrame,
    description: 'A workflow\'s numbers as they change: a snapshot, then frames. A slow reader gets fewer frames, and a snapshot after those that it missed.',
    args: {
      workflowId: t.arg.id({ required: true, description: 'Node id or uuid.' }),
      maxFps: t.arg.int({ defaultValue: 5, description: 'Frames a second at most: 1 to 20.' }),
    },
    subscribe: async (_root, args, api) => {
      const maxFps = args.maxFps ?? 5;
      if (maxFps < 1 || maxFps > 20) throw invalidArgument(`maxFps is ${maxFps}; expected 1 to 20.`);
      const workflowId = uuidOf('Workflow', args.workflowId);
      await getWorkflow(api.ctx, api.who, { id: workflowId });
      const group = `${api.who.locationId}/${workflowId}/${maxFps}`;
      return shared(workflowStream<NodeCount, EdgeCount, WorkflowStats>({ bus: api.ctx.bus, workflowId, maxFps, group, read: () => readCounters(api, workflowId) }));
    },
    resolve: (frame) => frame as Frame,
  }),
}));
