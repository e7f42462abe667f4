import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/core/definition/compile.ts';
import { graphOf } from '../src/core/definition/graph.ts';
import { lintDefinition } from '../src/core/definition/lint/index.ts';
import { namedAssets } from '../src/core/definition/named-assets.ts';
import { readDefinition } from '../src/core/definition/read.ts';
import { explore } from '../src/core/explore.ts';
import { PLAIN_START } from '../src/core/scenario.ts';
import { runScenarios } from '../src/core/scenarios.ts';
import { locationOf } from './support/given.ts';

const folder = new URL('../examples/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.workflow.yaml'));
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** Warnings that a journey wants: this magnet is watched from the entry, and its timeout is meant to count from the arrival. */
const INTENDED: Record<string, string[]> = { 'trial-onboarding.workflow.yaml': ['goal_timeout_short'] };

it('there are eight, and the page of the examples lists each', () => {
  expect(files).toHaveLength(8);
  const listed = [...textOf('README.md').matchAll(/\(([a-z-]+\.workflow\.yaml)\)/g)].map(([, file]) => file);
  expect(listed.toSorted()).toEqual(files.toSorted());
});

describe.each(files)('%s', (file) => {
  const { definition, diagnostics } = readDefinition({ format: 'yaml', text: textOf(file) });

  it('is sound, also strictly: nothing is left to be inferred past an arm', () => {
    expect(diagnostics.map(({ rule }) => rule)).toEqual(INTENDED[file] ?? []);
    expect(lintDefinition(definition!, { strict: true, assets: namedAssets(definition!) }).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('plays its scenarios, at least two', () => {
    const results = runScenarios(definition!, { assets: namedAssets(definition!), location: locationOf() });
    expect(results.length).toBeGreaterThanOrEqual(2);
    expect(results.filter(({ passed }) => !passed).map(({ name, difference }) => `${name}: ${difference?.message}`)).toEqual([]);
  });

  it('reaches every step, and ends on every path', () => {
    const found = explore({ program: compile(definition!), assets: namedAssets(definition!), location: locationOf(), start: PLAIN_START });
    expect(found).toMatchObject({ complete: true, unreached: [], openEnded: [], loopLimited: [] });
  });

  it('has scenarios for every step and every way out of each branch', () => {
    const rows = runScenarios(definition!, { assets: namedAssets(definition!), location: locationOf() }).flatMap(({ trace }) => trace!.log);
    const taken = new Set(rows.flatMap(({ stepId, outcome }) => [stepId, `${stepId} ${outcome}`]));
    const handlers = definition!.steps.map(({ onError }) => onError); // no provider fails where nothing is sent
    const branches = [...graphOf(definition!.steps).edges]
      .map(([id, edges]) => edges.filter(({ possible, error }) => possible && !error).map(({ outcome }) => `${id} ${outcome}`))
      .filter((ways) => ways.length > 1);
    const wanted = [...definition!.steps.map(({ id }) => id).filter((id) => !handlers.includes(id)), ...branches.flat()];
    expect(wanted.filter((one) => !taken.has(one))).toEqual([]);
  });
});
