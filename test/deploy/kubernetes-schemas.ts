import { z } from 'zod';

/**
 * The fields that the chart uses of each kind, strictly: a misspelt one fails. Written down from the references of Kubernetes 1.31
 * (https://kubernetes.io/docs/reference/kubernetes-api/: apps/v1, v1, policy/v1, batch/v1, networking.k8s.io/v1) and KEDA 2
 * (https://keda.sh/docs/latest/reference/scaledobject-spec/ and https://keda.sh/docs/latest/scalers/redis-lists/).
 */
const text = z.string().min(1);
const count = z.number().int().min(0);
const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/).max(63);
const labels = z.record(z.string(), text);
const metadata = z.strictObject({ name, labels: labels.optional(), annotations: labels.optional() });
const selector = z.strictObject({ matchLabels: labels });
const port = z.union([z.number().int().min(1).max(65_535), name]);

const probe = z.strictObject({
  httpGet: z.strictObject({ path: text, port }),
  periodSeconds: count.optional(),
  timeoutSeconds: count.optional(),
  failureThreshold: count.optional(),
});
const resources = z.strictObject({ requests: labels.optional(), limits: labels.optional() });
const container = z.strictObject({
  name,
  image: text,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  command: z.array(text).optional(),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  ports: z.array(z.strictObject({ name, containerPort: port })).optional(),
  envFrom: z.array(z.strictObject({ secretRef: z.strictObject({ name }) })),
  env: z.array(z.strictObject({ name: text, value: z.string() })).optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  startupProbe: probe.optional(),
  lifecycle: z.strictObject({ preStop: z.strictObject({ exec: z.strictObject({ command: z.array(text) }) }) }).optional(),
  resources: resources.optional(),
});
const pod = z.strictObject({
  metadata: z.strictObject({ labels, annotations: labels.optional() }),
  spec: z.strictObject({
    terminationGracePeriodSeconds: count.optional(),
    automountServiceAccountToken: z.literal(false),
    restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
    securityContext: z.strictObject({ runAsNonRoot: z.literal(true), runAsUser: count, seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }) }),
    topologySpreadConstraints: z
      .array(z.strictObject({ maxSkew: count, topologyKey: text, whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']), labelSelector: selector }))
      .optional(),
    containers: z.array(container).min(1),
  }),
});
const one = <Spec extends z.ZodType>(apiVersion: string, kind: string, spec: Spec) => z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, spec });

export const kubernetesSchemas = {
  Deployment: one('apps/v1', 'Deployment', z.strictObject({ replicas: count.optional(), selector, template: pod })),
  Service: one('v1', 'Service', z.strictObject({ selector: labels, ports: z.array(z.strictObject({ name, port, targetPort: port })) })),
  PodDisruptionBudget: one('policy/v1', 'PodDisruptionBudget', z.strictObject({ minAvailable: count, selector })),
  Job: one('batch/v1', 'Job', z.strictObject({ backoffLimit: count, activeDeadlineSeconds: count, template: pod })),
  NetworkPolicy: one(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    z.strictObject({
      podSelector: selector,
      policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
      ingress: z.array(z.strictObject({ ports: z.array(z.strictObject({ protocol: z.enum(['TCP', 'UDP', 'SCTP']), port })) })),
    }),
  ),
  ScaledObject: one(
    'keda.sh/v1alpha1',
    'ScaledObject',
    z.strictObject({
      scaleTargetRef: z.strictObject({ name }),
      minReplicaCount: count,
      maxReplicaCount: count,
      pollingInterval: count,
      cooldownPeriod: count,
      triggers: z
        .array(
          z.strictObject({
            type: z.literal('redis'),
            authenticationRef: z.strictObject({ name }).optional(),
            // KEDA's metadata are strings, numbers too.
            metadata: z.strictObject({ address: z.string().regex(/^[^:/]+:\d+$/), listName: text, listLength: z.string().regex(/^\d+$/) }),
          }),
        )
        .min(1),
    }),
  ),
} as const;
