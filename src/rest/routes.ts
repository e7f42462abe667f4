import { auditRoutes } from './audit-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { explainRoutes } from './explain-routes.ts';
import { houseRoutes } from './house-routes.ts';
import type { Route } from './route.ts';
import { runOperationRoutes } from './run-operation-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { specifiedRoutes } from './specified-routes.ts';
import { versionRoutes } from './version-routes.ts';
import { workflowHookRoutes } from './workflow-hook-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** Every route of REST: the specification's sixteen, then what was added. */
export const routes: Route[] = [
  ...specifiedRoutes,
  ...workflowRoutes,
  ...contactRoutes,
  ...houseRoutes,
  ...runOperationRoutes,
  ...secretRoutes,
  ...auditRoutes,
  ...workflowHookRoutes,
  ...versionRoutes,
  ...explainRoutes,
];
