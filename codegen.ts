import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types for the operations of our own clients (tests, command line, dashboard), from the printed schema: no server has to run. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['operations/**/*.graphql', 'src/dashboard/**/*.{ts,tsx}'],
  ignoreNoDocuments: true,
  generates: {
    'src/generated/operations/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        importExtension: '.ts',
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true },
        scalars: { ID: 'string', DateTime: 'string', Duration: 'string', Cursor: 'string', JSON: 'unknown' },
      },
    },
  },
};

export default config;
