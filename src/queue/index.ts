export type { Broker, OnTrouble } from './broker.ts';
export { startConsumer, type ConsumerOptions } from './consumer.ts';
export { MAX_IDS, queueNames } from './names.ts';
export { createPostgresBroker } from './postgres-broker.ts';
export { createQueue } from './producer.ts';
export { createRedisBroker } from './redis-broker.ts';
