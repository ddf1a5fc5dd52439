import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { workersFromSource } from './test/support/workers-from-source.ts'

const rooms = [
  'table',
  'settings',
  'plan',
  'apply',
  'aws',
  'client',
  'models',
  'adapters',
  'formats',
  'config',
  'load',
  'local',
  'testing',
  'cli',
  'house',
]
// These load the model libraries themselves, again and again, each time in a worker of its own.
const modelFiles = [
  'test/adapters/{dynamodb-onetable,dynamodb-toolbox,dynamoose,electrodb,isolation,show-all,typedorm,undefined-names}.test.ts',
  'test/load/{broken-models,decorators,models,syntax}.test.ts',
]
// Long by nature: random pairs and definitions, kills, a project of its own. `npm run test:long`.
const long = [
  'test/property/**/*.test.ts',
  'test/e2e/{differential,fake-aws,local-embedded,local-index-kill,local-kill,local-settle,sample-*,update}.test.ts',
]
const engines = 'test/support/engines/global-setup.ts'

// Real processes on a shared machine: one that was starved for a moment is given another try, and said to be retried.
const retry = process.env.CI ? 2 : 0

export default defineConfig({
  plugins: [workersFromSource()],
  // Tests run the worker of the sources, not of the build.
  resolve: {
    alias: [
      { find: /^\.\/worker-file\.ts$/, replacement: new URL('test/support/worker-file.ts', import.meta.url).pathname },
    ],
  },
  test: {
    // Much of a test's time passes while processes wait, so even two cores bear two files at a time.
    maxWorkers: 2,
    // Model fixtures and children must not pick up the developer's own account or config.
    env: {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      NO_COLOR: '1',
    },
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: process.env.VITEST_JSON ?? '.cache/ci/tests.json' }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: rooms.map(room => `test/${room}/**/*.test.ts`),
          exclude: modelFiles,
          // A process for each of so many small files would take longer than the tests in it.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'model files', include: modelFiles, testTimeout: 30_000, retry },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: long,
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...(existsSync(engines) ? { globalSetup: [engines] } : {}),
        },
      },
      {
        extends: true,
        // Older versions and lesser libraries, which a manifest of their own installs: `npm run test:libraries`.
        test: {
          name: 'libraries',
          include: ['test/libraries/**/*.test.js'],
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          // Only the fault matrix runs tests side by side: most of its time passes in timeouts.
          maxConcurrency: 3,
          include: ['test/e2e/**/*.test.ts'],
          exclude: long,
          retry,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          ...(existsSync(engines) ? { globalSetup: [engines] } : {}),
        },
      },
    ],
  },
})
