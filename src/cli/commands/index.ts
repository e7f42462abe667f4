import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { enroll } from './enroll.ts';
import { explain } from './explain.ts';
import { explore } from './explore.ts';
import { exportOne } from './export.ts';
import { graph } from './graph.ts';
import { importOne } from './import.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { simulate } from './simulate.ts';
import { test } from './test.ts';
import { validate } from './validate.ts';

/** Every command, as the front page lists them. A new one is a file and a row here. */
export const commandGroups = {
  'On files': [validate, lint, test, simulate, explore, graph, diff],
  'On a server': [list, importOne, exportOne, enroll, explain, logs, doctor],
};
