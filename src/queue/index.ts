export type { Broker } from './broker.ts';
export { startConsumer, type ConsumerOptions } from './consumer.ts';
export { createPostgresBroker } from './postgres-broker.ts';
export { createQueue } from './producer.ts';
export { createRedisBroker } from './redis-broker.ts';
