import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

// The claims of docs/security.md by their first words, each with the tests that fail when it is no longer true.
type Named = readonly [file: string, title: string]
const claims: readonly (readonly [start: string, ...tests: Named[]])[] = [
  ['A config is refused when it or', ['test/load/load-config.test.ts', 'that another user owns is refused']],
  [
    'Compiled code is only used from a',
    ['test/e2e/code-cache.test.ts', 'a link, and a folder of another user, are not used'],
  ],
  [
    'The requests in a saved plan are',
    ['test/cli/update.test.ts', 'whatever a member of the file is replaced by, the plan is the same or refused'],
  ],
  [
    'A forged plan that destroys something asks',
    ['test/cli/update.test.ts', 'a forged file that plans to destroy is asked about, as any other update'],
  ],
  [
    'YAML with aliases that expand without end',
    ['test/load/parse-data.test.ts', 'data that cannot be read is an error with line and column'],
  ],
  ['A misspelt or unknown member of a', ['test/adapters/create-table.test.ts', 'an unknown member beside $name']],
  ['An endpoint in a config file gets', ['test/e2e/credentials.test.ts', 'a config file gets the example pair']],
  [
    'A config or a Serverless template does',
    ['test/load/load-config.test.ts', 'a secret is not read, so that it is sent nowhere'],
  ],
  [
    "Your credentials go to AWS's own hosts,",
    ['test/e2e/credentials.test.ts', 'a flag gets the credentials of the user'],
  ],
  [
    'With `allowedAccounts`, nothing is changed in any',
    ['test/cli/create.test.ts', 'another account than allowedAccounts: nothing is sent'],
    ['test/e2e/bad-input.test.ts', 'another account than allowedAccounts, before anything is sent to DynamoDB'],
  ],
  [
    'A lock file that a repository brings',
    [
      'test/e2e/local-settle.test.ts',
      'a lock that came with a clone is replaced at once, and its endpoint is never called',
    ],
  ],
  ['Control characters from files and servers do', ['test/cli/plain.test.ts', 'control characters']],
  [
    'No error text of a server shows',
    ['test/aws/create-api.test.ts', 'secrets in the errors of servers'],
    ['test/aws/errors.test.ts', 'the canonical request that AWS quotes is cut off'],
  ],
  ['`delete` takes no tables from a config', ['test/cli/names.test.ts', 'is refused, and nothing is sent']],
  [
    'A table of a protected environment needs',
    [
      'test/load/protected-environments.test.ts',
      'tables of a protected environment are protected in every run at the same target',
    ],
  ],
  ['The same holds for `local --reset` and', ['test/cli/names.test.ts', 'the local store of a protected environment']],
  [
    'A table with deletion protection is not',
    ['test/apply/delete-table.test.ts', 'respects deletion protection and sends nothing'],
  ],
  [
    'A local store behind a link that',
    ['test/local/store.test.ts', 'links out of the project'],
    ['test/e2e/local-command.test.ts', 'a store behind a link out of the project is neither used nor reset'],
  ],
  [
    'A file is replaced as a whole,',
    ['test/cli/replace-file.test.ts', 'stays as it was when the new one cannot be put in its place'],
    ['test/cli/replace-file.test.ts', 'a link within the project is followed, one that leads out of it is refused'],
  ],
  [
    'No `.gitignore` is written through a link.',
    ['test/local/store.test.ts', '.gitignore as a link is not written through'],
  ],
  [
    'Loading models of any supported library opens',
    ['test/adapters/isolation.test.ts', 'models of every library, with credentials at hand, connect to nothing'],
  ],
  [
    'Timers, servers and connections of a model',
    ['test/load/broken-models.test.ts', 'connections, timers, servers and late errors end with it'],
  ],
  [
    'Only `--allow-network` lets model files connect.',
    ['test/load/broken-models.test.ts', 'with allowNetwork it may connect'],
  ],
  [
    'An engine and the command of `local`',
    ['test/local/environment.test.ts', 'the environment of an engine'],
    ['test/local/environment.test.ts', 'the environment of a program'],
  ],
  [
    'It refuses host names other than those',
    ['test/local/guard-requests.test.ts', 'Host: loopback names and addresses, and those that are allowed'],
  ],
  [
    'It refuses requests of web pages, except',
    ['test/local/guard-requests.test.ts', 'Origin: none, but those that are allowed'],
    ['test/e2e/local-command.test.ts', 'web pages and other host names are answered where they are allowed'],
  ],
  [
    'Options that an engine does not support,',
    ['test/local/guard-requests.test.ts', 'hosts and origins that a user allows'],
  ],
  ['The environment of an engine holds no', ['test/local/environment.test.ts', 'the environment of an engine']],
]

/** The list items in the sections that describe dynamox; the others give advice. */
const listed = readFileSync('docs/security.md', 'utf8')
  .split(/^## /m)
  .filter(section => /^(What it |The local engine)/.test(section))
  .flatMap(section => [...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)])
  .map(([, text = '']) => text.replace(/\n {2}/g, ' '))

describe('docs/security.md', () => {
  test('every claim of its lists has a test', () => {
    expect(listed.filter(claim => claims.filter(([start]) => claim.startsWith(start)).length !== 1)).toEqual([])
    expect(claims).toHaveLength(listed.length)
  })

  test('every test that a claim names exists', () => {
    const tests = claims.flatMap(([, ...named]) => named)
    expect(tests.filter(([file, title]) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title))).toEqual(
      [],
    )
  })
})
