import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { contactOf, isVip, measure, variantOf, type Measured, type WorkContact } from '../work.ts';

/** Raw BullMQ, one job a step and no database at all: the limit of a queue that carries the state in its jobs. */
export async function rawBullmq(redisUrl: string, enrollments: number): Promise<Measured> {
  const prefix = `bench-${process.pid}-${Date.now()}`;
  const connection = () => new Redis(redisUrl, { maxRetriesPerRequest: null });
  const producer = connection();
  const consumer = connection();
  const queue = new Queue('journey', { connection: producer, prefix, defaultJobOptions: { removeOnComplete: true } });
  const contacts = Array.from({ length: enrollments }, (_, n) => contactOf(n));
  await queue.addBulk(contacts.map((contact) => ({ name: 'step', data: { contact, step: 0 } })));
  let completed = 0;
  const measured = await measure('raw BullMQ, a job a step, no database', enrollments, () =>
    new Promise<void>((resolve) => {
      const worker: Worker = new Worker(
        'journey',
        async (job) => {
          const { contact, step } = job.data as { contact: WorkContact; step: number };
          const output = [isVip(contact), 'gold', variantOf(contact), contact.id, 'done'][step];
          if (step < 4) await queue.add('step', { contact, step: step + 1, output });
          else if (++completed === enrollments) resolve();
        },
        { connection: consumer, prefix, concurrency: 50 },
      );
      worker.on('error', () => {});
    }),
  );
  await queue.obliterate({ force: true });
  producer.disconnect();
  consumer.disconnect();
  return measured;
}
