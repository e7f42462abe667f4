import { runWorker } from './run-worker.ts';
import { startExecution } from './start-execution.ts';

await runWorker('execution', startExecution);
