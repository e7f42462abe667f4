import type { Clock } from '../../src/core/ports/outside.ts';
import { turnSchedule } from '../../src/store/desk/turn-schedule.ts';
import type { Sql } from '../../src/store/desk/transaction.ts';
import type { PublishedWorkflow, Stage } from './engine-stage.ts';

export type TimeTravel = ReturnType<typeof timeTravel>;

/** Moves a stage's journey time, and tells its schedules of doors that tests open and close by hand. */
export function timeTravel({ owner, locationId, publish }: Pick<Stage, 'owner' | 'locationId' | 'publish'>) {
  const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => (await owner.query(text, values)).rows;
  const sql = { rows } as Sql; // `turnSchedule` asks for nothing else
  const clock: Clock = { journeyNow: () => 0, machineNow: () => Date.now(), speed: 1 };
  const turn = (workflowId: string): Promise<void> => turnSchedule(sql, locationId, workflowId);
  return {
    clock,
    /** From now on it is `iso`, and time goes on. */
    set: async (iso: string): Promise<void> => void (await owner.query('UPDATE journey_clock SET real_epoch = clock_timestamp(), journey_epoch = $1', [iso])),
    turn,
    /** Publishes a definition, and opens its schedule. */
    async publish(definition: Parameters<Stage['publish']>[0]): Promise<PublishedWorkflow> {
      const published = await publish(definition);
      await turn(published.workflowId);
      return published;
    },
  };
}
