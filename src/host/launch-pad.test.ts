import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createLaunchPad, type LaunchPad } from './launch-pad.ts'
import { jobFolder } from './layout.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-pad-'))
const pads: LaunchPad[] = []
let count = 0

function newPad() {
  const pad = createLaunchPad()
  pads.push(pad)
  return pad
}

/** Starts a command on a pad; resolves, when the pad says that it is over, with its folder. */
function launch(pad: LaunchPad, run: string, env: Record<string, string> = {}) {
  const files = jobFolder(root, `job/${count++}`)
  mkdirSync(files.folder)
  let taken = false
  const over = new Promise<typeof files>((resolve) => {
    const argv = [files.folder, root, '/bin/sh', '-c', run]
    taken = pad.launch({ argv, env: { PATH: process.env.PATH ?? '', ...env }, onOver: () => resolve(files) })
  })
  return { files, over, taken }
}

async function until(look: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!look()) {
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

afterEach(() => {
  for (const pad of pads.splice(0)) pad.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the launch pad', () => {
  it('hands on every value as it is, and nothing of its own', async () => {
    const odd = {
      A: `it's "$HOME" \`id\`\n\\n $(id); exit 1 #`,
      B: '',
      C: 'ü€𝄞',
      D: '-n',
      E: 'x'.repeat(100_000),
    }
    const { over, taken } = launch(newPad(), '/usr/bin/env -0', odd)
    expect(taken).toBe(true)
    const entries = readFileSync((await over).spool, 'utf8')
      .split('\0')
      .filter(Boolean)
    const seen = Object.fromEntries(
      entries.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
    )
    // These two every shell sets.
    const { PWD: _, OLDPWD: __, PATH, ...rest } = seen
    expect(rest).toEqual(odd)
    expect(PATH).toBe(process.env.PATH)
  })

  it.each(['IFS', 'OPTIND', 'UID', 'a-b', 'npm.x', '_', 'BASH_ENV'])(
    'does not take %s, which a shell would not hand on',
    (name) => {
      expect(launch(newPad(), 'true', { [name]: 'x' }).taken).toBe(false)
    },
  )

  it('gives each command a session of its own', async () => {
    const { over } = launch(
      newPad(),
      'read -r pid comm state ppid group session rest </proc/self/stat; echo "$group $session $PPID"',
    )
    const [group, session, launcher] = readFileSync((await over).spool, 'utf8')
      .trim()
      .split(' ')
    expect([group, session]).toEqual([launcher, launcher])
  })

  it('runs many at the same time, and tells the end of each', async () => {
    const pad = newPad()
    const all = Array.from({ length: 60 }, (_, i) => launch(pad, `echo ${i}; exit ${i}`).over)
    const codes = (await Promise.all(all)).map((files) => readFileSync(files.exit, 'utf8').trim())
    expect(codes).toEqual(all.map((_, i) => `exited ${i}`))
  })

  it('tells that a launcher was killed, though that wrote nothing', async () => {
    const { files, over } = launch(newPad(), 'sleep 300')
    await until(() => existsSync(files.child) && readFileSync(files.child, 'utf8').endsWith('\n'))
    process.kill(-Number(readFileSync(files.claim, 'utf8').split(' ')[1]), 'SIGKILL')
    expect(existsSync((await over).exit)).toBe(false)
  })

  it('whose shell is killed tells of all it was to start, and begins anew', async () => {
    const pad = newPad()
    // Its grandparent is the pad's shell: a subshell waits between the two.
    const { files, over } = launch(pad, 'sleep 300')
    await until(() => existsSync(files.child) && readFileSync(files.child, 'utf8').endsWith('\n'))
    const parentOf = (pid: number) =>
      Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
    const launcher = Number(readFileSync(files.claim, 'utf8').split(' ')[1])
    process.kill(parentOf(parentOf(launcher)), 'SIGKILL')
    await over
    expect(existsSync(files.exit)).toBe(false)
    process.kill(-launcher, 'SIGKILL')
    const next = launch(pad, 'echo again')
    expect(readFileSync((await next.over).spool, 'utf8')).toBe('again\n')
  })
})
