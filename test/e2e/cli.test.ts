import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands/index.ts'
import { compiled } from '../support/compiled.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'))
afterAll(() => rmSync(home, { recursive: true }))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** The command line as a person has it, against a server that is not there. */
async function plimsoll(...args: string[]): Promise<Ended> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    PLIMSOLL_SERVER: 'http://127.0.0.1:1',
    ...compiled,
  }
  return exec(process.execPath, [bin, ...args], { env, cwd: home }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )
}

describe('the command line', () => {
  it('lists every command, and explains each with examples first', async () => {
    const { stdout } = await plimsoll('help')
    for (const [name, read] of Object.entries(commands)) {
      const command = await read()
      expect(command.name).toBe(name)
      expect(stdout).toMatch(new RegExp(`${name} +${command.summary.replaceAll(/[()]/g, '\\$&')}`))
    }
    expect((await plimsoll('rollback', '--help')).stdout).toMatch(
      /^ {2}plimsoll rollback production\n {2}plimsoll rollback payments production/,
    )
  })

  it('explains an error', async () => {
    expect((await plimsoll('help', 'PLM_STORE_HELD')).stdout).toMatch(
      /Another Plimsoll server holds this folder[\s\S]*exit code 3/,
    )
  })

  it.each([
    [['statsu'], 2, /PLM_USAGE {2}there is no command statsu\n {2}Did you mean status\?/],
    [['status', '--jsno'], 2, /PLM_USAGE.*--jsno[\s\S]*Did you mean --json\?/],
    [['status'], 3, /PLM_SERVER_UNREACHABLE {2}nothing answers at http:\/\/127\.0\.0\.1:1/],
    [['up', '--port', 'x'], 2, /--port is x, expected a number/],
    [['run'], 2, /PLM_NOT_A_REPOSITORY/],
    [['deploy'], 2, /deploy needs a release/],
    [['lock', 'production'], 2, /lock needs --reason/],
    [
      ['check', 'other/plimsoll.config.ts'],
      2,
      /other\/plimsoll.config.ts is one too many: check takes options only/,
    ],
    [['status', '--json=3'], 2, /PLM_USAGE {2}status: --json takes no value\n/],
    [
      ['silence', '--for', '-5m'],
      2,
      /silence: --for needs a value; one that begins with - is written --for=-VALUE\n/,
    ],
    [['silence', '--for'], 2, /silence: --for needs a value\n/],
    [['status', 'a', 'b'], 2, /b is one too many: status takes only \[SERVICE\]/],
    [['help', 'PLM_USAG'], 2, /there is no error PLM_USAG\n {2}Did you mean PLM_USAGE\?/],
  ])('refuses %j with exit code %i, saying why', async (args, code, said) => {
    const ended = await plimsoll(...args)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toMatch(said)
  })

  it('says the same to scripts', async () => {
    const { code, stdout } = await plimsoll('status', '--json')
    expect([code, JSON.parse(stdout)]).toMatchObject([
      3,
      { schemaVersion: 1, error: { code: 'PLM_SERVER_UNREACHABLE' } },
    ])
  })

  it('has nothing to stop where nothing runs', async () => {
    expect(await plimsoll('down', '--home', home)).toMatchObject({
      code: 0,
      stdout: 'Plimsoll does not run here.\n',
    })
  })
})
