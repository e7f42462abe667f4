import SchemaBuilder, { BasePlugin, type PothosTypeConfig, type SchemaTypes } from '@pothos/core';

declare global {
  // oxlint-disable-next-line no-namespace -- Pothos plugins declare themselves here
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      describeByName: DescribeByName<Types>;
    }
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Types that exist because another one does, and what is to be said of each: their names say the rest. */
const SAYINGS: [name: RegExp, describe: (of: string) => string][] = [
  [/^(\w+)Payload$/, (of) => `What \`${lowerFirst(of)}\` answers when it is done.`],
  [/^(\w+)Result$/, (of) => `What \`${lowerFirst(of)}\` answers: its payload, or the reason why it was not done.`],
  [/^(\w+)Connection$/, (of) => `A page of a list of \`${of}\`.`],
  [/^(\w+)Edge$/, (of) => `One \`${of}\` of a page, with its place in the list.`],
];

/** Describes payloads, result unions, connections and edges, which are made of another type and have nobody to describe them. */
class DescribeByName<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    if (config.description) return config;
    const [name, describe] = SAYINGS.find(([pattern]) => pattern.test(config.name)) ?? [];
    return name && describe ? { ...config, description: describe(name.exec(config.name)![1]!) } : config;
  }
}

const describeByName = 'describeByName' as const;
SchemaBuilder.registerPlugin(describeByName, DescribeByName);

export default describeByName;
