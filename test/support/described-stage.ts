import { runBatch } from '../../src/engine/run-batch.ts';
import { openapi } from '../../src/rest/openapi.ts';
import { everyRoute } from '../../src/rest/reference-routes.ts';
import { createDoorStage, type DoorStage } from './door-stage.ts';
import { createGoodRequests, type Make } from './good-requests.ts';

/** A stage of doors whose runs go on at once, and a good request for every operation. */
export async function createDescribedStage(): Promise<{ stage: DoorStage; good: Record<string, Make> }> {
  const stage = await createDoorStage();
  stage.ctx.queue.nudgeRuns = (lane, ids) => runBatch(stage.ctx, ids, lane);
  return { stage, good: createGoodRequests(() => stage) };
}

/** The description of REST as the table of routes gives it: tests walk it, not the table. */
export const describedRest = <Doc>(): Doc => JSON.parse(JSON.stringify(openapi(everyRoute, '/'))) as Doc;

/** Every operation of a description with its method and path, by the name that a test shows. */
export const operationsOf = <Operation extends object>(paths: Record<string, Record<string, Operation>>) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, { ...operation, method: method.toUpperCase(), path }] as const));
