import { runWorker } from './run-worker.ts';
import { startDelivery } from './start-delivery.ts';

await runWorker('delivery', startDelivery);
