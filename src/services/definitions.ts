import { createHash } from 'node:crypto';
import { diagnose, type Definition } from '../core/definition/definition.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import { lintDefinition } from '../core/definition/lint/index.ts';
import { canonical } from '../core/canonical.ts';
import { meaningOf } from '../core/definition/meaning.ts';
import { readDefinition, type Source } from '../core/definition/read.ts';
import type { TenantDesk, VersionContent } from '../core/ports/desk.ts';
import type { VersionRecord } from '../core/ports/records.ts';
import { runScenarios, scenarioFindings, type Stage } from '../core/scenarios.ts';
import type { Context } from '../context.ts';
import type { Assets } from '../core/state.ts';
import { MillraceError } from '../errors.ts';

/** A source that may be stored, with everything that was found about it. */
export interface ReadSource {
  source: Source;
  definition: Definition;
  diagnostics: Diagnostic[];
}

/** What a definition is held against beside its own text. */
export interface Surroundings {
  assets: Assets;
  /** The location's workflows; left out: what steps start and stop is not looked up. */
  workflows?: { id: string; slug: string; name: string }[];
  /** `host:port` pairs that webhooks may reach although they are private. */
  outbound: string[];
  /** Makes every inferred edge that skipped something an error. */
  strict?: boolean;
}

/** What a definition meets in a location today. */
export async function surroundingsOf(ctx: Context, desk: TenantDesk): Promise<Surroundings & Stage> {
  const [assets, location, workflows] = await Promise.all([desk.readAssets(), desk.readLocation(), desk.workflowNames()]);
  return { assets, location, workflows, outbound: ctx.environment.outboundAllow };
}

/** All findings about a source: structure first; when the shape is right, every rule with its surroundings. */
export function examine(source: Source, around: Surroundings): { definition: Definition | null; diagnostics: Diagnostic[] } {
  const { definition, diagnostics } = readDefinition(source);
  return { definition, diagnostics: definition ? lintDefinition(definition, around) : diagnostics };
}

/** The same, and once nothing else is wrong the scenarios of the definition are played: a failing one is an error. */
export function examineFully(source: Source, around: Surroundings & Stage): { definition: Definition | null; diagnostics: Diagnostic[] } {
  const { definition, diagnostics } = examine(source, around);
  if (!definition || definition.tests.length === 0 || diagnostics.some(isError)) return { definition, diagnostics };
  const failed = diagnose(scenarioFindings(runScenarios(definition, around)), { rule: 'scenario_failed', kind: 'reference', severity: 'error' }, definition.place);
  return { definition, diagnostics: [...diagnostics, ...failed] };
}

/** Reads a source that is to be stored. Throws VALIDATION_FAILED for structure errors, PAYLOAD_TOO_LARGE for more than a definition may hold. */
export function readStorable(source: Source, around: Surroundings): ReadSource {
  const { definition, diagnostics } = examine(source, around);
  if (!definition) throw refusedDefinition('cannot be stored', diagnostics.filter(isError), diagnostics);
  return { source, definition, diagnostics };
}

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error';

/** The error that carries diagnostics: a fault for each error, and all of them in `detail.diagnostics`. */
export function refusedDefinition(why: string, errors: Diagnostic[], diagnostics: Diagnostic[]): MillraceError {
  const first = errors[0];
  const place = first?.line ? ` Line ${first.line}, column ${first.column ?? 1}:` : '';
  const code = errors.some(({ rule }) => rule === 'too_large') ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_FAILED';
  return new MillraceError(code, `The definition ${why}: ${errors.length} error${errors.length === 1 ? '' : 's'}.${place} ${first?.message ?? ''}`.trim(), {
    faults: errors.map(({ path, message, hint, line, column }) => ({
      path, message: hint ? `${message} ${hint}` : message, ...(line !== null && { line }), ...(column !== null && { column }),
    })),
    detail: { diagnostics },
  });
}

/** A stored version as it was written: YAML text has places for its findings. */
export const sourceOfVersion = ({ format, source }: Pick<VersionRecord, 'format' | 'source'>): Source =>
  format === 'yaml' ? { format, text: source } : { format, value: JSON.parse(source) as unknown };

/** What a workflow and a version keep of a source. */
export function contentOf({ source, definition }: ReadSource, author: string): VersionContent {
  const stored = definition.source;
  const trigger = stored['trigger'] ?? stored['triggers'];
  const [only, ...others] = definition.triggers;
  return {
    name: definition.name,
    description: definition.description,
    triggerType: others.length > 0 || !only ? 'multiple' : only.type,
    triggerConfig: trigger ?? {},
    format: source.format,
    source: source.format === 'yaml' ? source.text : JSON.stringify(source.value, null, 2),
    definition: stored,
    checksum: checksumOf(definition),
    author,
  };
}

/** SHA-256 over the meaning of a definition, hexadecimal: two sources with the same one run the same. */
const checksumOf = (definition: Definition): string => createHash('sha256').update(canonical(meaningOf(definition))).digest('hex');

/** `New Lead Nurture` → `new-lead-nurture`; a name without a Latin letter or digit becomes `workflow`. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 100).replace(/-+$/, '') || 'workflow';
}
