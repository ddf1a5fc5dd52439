import { describe, expect, test } from 'vitest'
import { commandNames } from '../../src/cli/command-specs.ts'
import { commandHelp, programHelp } from '../../src/cli/help.ts'
import { optionsOf, partsOf } from '../../src/cli/program.ts'

describe('help', () => {
  test.each(commandNames)('%s fits a terminal, names every option, and shows an example and the exit codes', name => {
    const lines = commandHelp(name)
    const text = lines.join('\n')
    expect(lines.filter(line => line.length > 80)).toEqual([])
    for (const option of optionsOf(name)) expect(text).toContain(partsOf(option).long)
    expect(text).toMatch(/^Examples?\n {2}dynamox /m)
    expect(text).toContain('Exit codes')
  })

  test('the program', () => {
    expect(programHelp().filter(line => line.length > 80)).toEqual([])
    expect(programHelp().slice(0, 16)).toEqual([
      'dynamox: DynamoDB tables from the models and config you already have',
      '',
      'Usage: dynamox <command> [tables...] [options]',
      '',
      'Commands',
      '  create  create the tables that are missing and wait until each is ready',
      '  exists  say which tables exist',
      '  delete  delete tables and wait until they are gone; asks first',
      '  wait    wait until tables are ready, or gone with --for gone',
      '  plan    show what update would do, step by step; changes nothing',
      '  update  create what is missing and bring live tables to their definitions',
      '  show    print the definitions as resolved; contacts nothing',
      '  list    list the tables at the target, with status, keys and indexes',
      "  local   serve a local DynamoDB with the project's tables; with a command: run",
      '          it against that',
      '  init    write a commented config file for this project',
    ])
  })

  test('wait', () => {
    expect(commandHelp('wait').slice(0, 3)).toEqual([
      'Usage: dynamox wait [tables...] [options]',
      '',
      'Wait until tables are ready, or gone with --for gone.',
    ])
    expect(commandHelp('wait')).toContain('  --for <state>         what to wait for: active (the default) or gone')
  })
})
