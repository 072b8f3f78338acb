import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from './clock.ts'
import { hostCommands } from './commands.ts'
import { signalTo, startTimeOf } from './identity.ts'
import type { CommandEnd, CommandSpec, Commands } from './jobs.ts'
import { jobFolder } from './layout.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-host-'))
const made: { commands: Commands; cookie: string }[] = []
let count = 0

function newHost(folder = join(root, String(count++)), cookie = `test${process.pid}-${count}`) {
  const commands = hostCommands({ folder, clock: realClock, cookie })
  made.push({ commands, cookie })
  return { commands, folder, cookie }
}

afterEach(async () => {
  for (const { commands } of made)
    for (const { pid } of await commands.census())
      signalTo({ pid, startTime: startTimeOf(pid) ?? '' }, 'SIGKILL', false)
  for (const { commands } of made.splice(0)) await commands.close()
})

/** What has a limit is launched from the pad, what has none by this process: everything holds for both. */
let limit: Partial<CommandSpec> = {}

const spec = (run: string, more: Partial<CommandSpec> = {}): CommandSpec => ({
  argv: ['/bin/sh', '-c', run],
  cwd: root,
  env: { PATH: process.env.PATH ?? '' },
  secrets: [],
  graceMs: 2_000,
  log: { maxBytes: 1 << 20, rotate: false },
  ...limit,
  ...more,
})

async function until<T>(look: () => Promise<T | undefined | false>, limitMs = 15_000): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const endOf = (commands: Commands, key: string, limitMs?: number): Promise<CommandEnd> =>
  until(async () => {
    const found = await commands.find(key)
    if (found === 'lost') throw new Error('lost')
    return typeof found === 'object' && found.ended
  }, limitMs)

async function logOf(commands: Commands, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const bytes of commands.log(key, 0, true)) chunks.push(bytes)
  return Buffer.concat(chunks).toString()
}

async function readSoFar(commands: Commands, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const bytes of commands.log(key, 0, false)) chunks.push(bytes)
  return Buffer.concat(chunks).toString()
}

/** A server of commands in a process of its own, to be killed. */
function startServer(folder: string, cookie: string, run: string): ChildProcess {
  const file = join(root, `server-${count++}.mjs`)
  const here = new URL('./index.ts', import.meta.url).href
  writeFileSync(
    file,
    `import { hostCommands, realClock } from ${JSON.stringify(here)}
     const commands = hostCommands({ folder: ${JSON.stringify(folder)}, clock: realClock, cookie: ${JSON.stringify(cookie)} })
     await commands.start('run/a/1', ${JSON.stringify(spec(run))})
     console.log('started')
     setInterval(() => {}, 1000)`,
  )
  return spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function killed(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await gone
}

const said = (server: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => server.stdout?.once('data', resolve))

describe.each([
  ['launched from the pad', { timeoutMs: 120_000 }],
  ['launched by this process', {}],
])('%s:', (_how, more) => {
  beforeAll(() => {
    limit = more
  })
  describe('a command in a job directory', () => {
    it('runs with its own environment and leaves its output and exit code', async () => {
      const { commands } = newHost()
      await commands.start(
        'run/a/1',
        spec('echo "$WHO in $(pwd)"; echo oops >&2; exit 3', {
          env: { PATH: process.env.PATH ?? '', WHO: 'me' },
        }),
      )
      expect(await endOf(commands, 'run/a/1')).toMatchObject({
        exit: 3,
        signal: null,
        why: 'exited',
        droppedBytes: 0,
      })
      expect(await logOf(commands, 'run/a/1')).toBe(`me in ${root}\noops\n`)
    })

    it('is started once, however often it is asked for', async () => {
      const { commands, folder } = newHost()
      const once = spec('echo ran')
      await Promise.all([commands.start('run/a/1', once), commands.start('run/a/1', once)])
      await endOf(commands, 'run/a/1')
      const other = newHost(folder).commands
      await other.start('run/a/1', once)
      await endOf(other, 'run/a/1')
      expect(await logOf(other, 'run/a/1')).toBe('ran\n')
    })

    it('keeps neither values of variables nor secrets on the disk', async () => {
      const { commands, folder } = newHost()
      await commands.start(
        'run/a/1',
        spec('echo "the token is $TOKEN"', {
          env: { PATH: process.env.PATH ?? '', TOKEN: 's3cret-value' },
          secrets: ['s3cret-value'],
        }),
      )
      await endOf(commands, 'run/a/1')
      expect(await logOf(commands, 'run/a/1')).toBe('the token is ***\n')
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
      for (const file of files)
        expect(readFileSync(join(file.parentPath, file.name), 'utf8'), file.name).not.toContain('s3cret')
    })

    it.each([
      [
        'a program that is not there',
        { argv: ['no-such-program'] as [string] },
        /no program no-such-program/,
      ],
      ['a folder that is not there', { cwd: '/no/such/folder' }, /no folder \/no\/such\/folder/],
    ])('says that it could not start: %s', async (_name, more, expected) => {
      const { commands } = newHost()
      await commands.start('run/a/1', spec('true', more))
      const end = await endOf(commands, 'run/a/1')
      expect(end.why).toBe('couldNotStart')
      expect(end.error).toMatch(expected)
    })

    it('is absent before it was asked for', async () => {
      const { commands } = newHost()
      expect(await commands.find('run/a/1')).toBe('absent')
    })
  })

  describe('stopping', () => {
    it('asks first, and tells how it ended', async () => {
      const { commands } = newHost()
      await commands.start(
        'run/a/1',
        spec('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done'),
      )
      await until(
        async () =>
          (await commands.running('run/a/1')) && (await readSoFar(commands, 'run/a/1')).includes('ready'),
      )
      await commands.cancel('run/a/1', 5_000)
      expect(await endOf(commands, 'run/a/1')).toMatchObject({ exit: 7, why: 'cancelled' })
      expect(await logOf(commands, 'run/a/1')).toContain('bye')
    })

    it('ends by force what ignores it, with the grandchildren that left its session', async () => {
      const { commands } = newHost()
      const stubborn =
        'trap "" TERM; setsid sh -c \'trap "" TERM; while :; do sleep 1; done\' & echo ready; while :; do sleep 1; done'
      await commands.start('run/a/1', spec(stubborn))
      await until(
        async () =>
          (await readSoFar(commands, 'run/a/1')).includes('ready') && (await commands.census()).length >= 3,
      )
      await commands.cancel('run/a/1', 300)
      expect(await endOf(commands, 'run/a/1')).toMatchObject({
        exit: null,
        signal: 'SIGKILL',
        why: 'cancelled',
      })
      await until(async () => (await commands.census()).length === 0)
    })

    it('ends what takes too long', async () => {
      const { commands } = newHost()
      await commands.start('run/a/1', spec('sleep 60', { timeoutMs: 1_500 }))
      expect(await endOf(commands, 'run/a/1')).toMatchObject({
        exit: null,
        signal: 'SIGTERM',
        why: 'timedOut',
      })
    })

    it('lets a service drain though the shell around it has ended', async () => {
      const { commands } = newHost()
      const service = `trap "sleep 0.6; echo drained; exit 0" TERM; echo ready; while :; do sleep 0.05; done`
      await commands.start('run/a/1', spec(`sh -c '${service}'; true`))
      await until(async () => (await readSoFar(commands, 'run/a/1')).includes('ready'))
      await commands.cancel('run/a/1', 5_000)
      await endOf(commands, 'run/a/1')
      expect(await logOf(commands, 'run/a/1')).toContain('drained')
    })

    it('ends everything: what ignores it, what left its session, what was about to begin', async () => {
      const { commands } = newHost()
      await commands.start('run/a/1', spec('trap "" TERM; setsid sleep 300 & sleep 300', { graceMs: 200 }))
      await until(async () => (await commands.census()).length >= 3)
      await commands.start('run/b/1', spec('sleep 300', { graceMs: 200 }))
      await commands.endAll()
      expect(await commands.census()).toEqual([])
      expect(await commands.find('run/a/1')).toMatchObject({ ended: { why: 'cancelled' } })
      await expect(commands.start('run/c/1', spec('sleep 300'))).rejects.toThrow(
        'everything is being stopped',
      )
    })

    it('sweeps what a finished command left behind', async () => {
      const { commands } = newHost()
      await commands.start('run/a/1', spec('sleep 300 & echo done'))
      expect(await endOf(commands, 'run/a/1')).toMatchObject({ exit: 0, why: 'exited' })
      await until(async () => (await commands.census()).length === 0)
    })
  })

  describe('output', () => {
    it('is capped, and what was dropped is counted', async () => {
      const { commands } = newHost()
      await commands.start(
        'run/a/1',
        spec('head -c 100000 /dev/zero | tr "\\0" x', { log: { maxBytes: 1_000, rotate: false } }),
      )
      expect((await endOf(commands, 'run/a/1')).droppedBytes).toBe(99_000)
      const log = await logOf(commands, 'run/a/1')
      expect(log.startsWith('x'.repeat(1_000))).toBe(true)
      expect(log).toContain('99000 bytes more were not kept')
    })

    it('of a gigabyte neither fills the disk nor is lost count of', { timeout: 60_000 }, async () => {
      const { commands, folder } = newHost()
      await commands.start(
        'run/a/1',
        spec('head -c 1073741824 /dev/zero | tr "\\0" x', { log: { maxBytes: 1 << 20, rotate: false } }),
      )
      const spool = join(folder, readdirSync(folder)[0] ?? '', 'spool')
      let largest = 0
      const end = await until(async () => {
        largest = Math.max(largest, statSync(spool, { throwIfNoEntry: false })?.blocks ?? 0)
        const found = await commands.find('run/a/1')
        return typeof found === 'object' && found.ended
      }, 50_000)
      expect(end.droppedBytes).toBe(1_073_741_824 - (1 << 20))
      console.log(
        `1 GiB printed; the spool held ${Math.round((largest * 512) / 2 ** 20)} MiB of disk at the most`,
      )
      expect(largest * 512).toBeLessThan(700 * 2 ** 20)
    })

    it('of instances rotates: the newest is always there', async () => {
      const { commands, folder } = newHost()
      await commands.start(
        'fleet/a/1',
        spec('for i in $(seq 1 2000); do echo "line $i"; done; sleep 0.3; echo last', {
          log: { maxBytes: 4_000, rotate: true },
        }),
      )
      await endOf(commands, 'fleet/a/1')
      expect(await readSoFar(commands, 'fleet/a/1')).toContain('last')
      expect(statSync(join(folder, readdirSync(folder)[0] ?? '', 'log')).size).toBeLessThanOrEqual(
        4_000 + 65_536,
      )
    })
  })

  describe('a server that dies', () => {
    it('leaves its commands running; the next finds them, with output whole and nothing twice', {
      timeout: 30_000,
    }, async () => {
      const folder = join(root, `dying-${count}`)
      mkdirSync(folder)
      const cookie = `dying${process.pid}-${count}`
      const goOn = join(root, `go-on-${count}`)
      const server = startServer(
        folder,
        cookie,
        `for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i"; [ $i -lt 4 ] || until [ -e ${goOn} ]; do sleep 0.02; done; done`,
      )
      await said(server)
      const { log } = jobFolder(folder, 'run/a/1')
      await until(async () => existsSync(log) && readFileSync(log, 'utf8').includes('line 3'))
      await killed(server)
      const { commands } = newHost(folder, cookie)
      expect(await commands.adopt(async () => [])).toEqual(['run/a/1'])
      expect(await commands.find('run/a/1')).toBe('running')
      writeFileSync(goOn, '')
      expect(await endOf(commands, 'run/a/1')).toMatchObject({ exit: 0, why: 'exited' })
      expect(await logOf(commands, 'run/a/1')).toBe(
        Array.from({ length: 10 }, (_, i) => `line ${i + 1}\n`).join(''),
      )
    })

    it('misses no exit: what ended while nobody watched is known', { timeout: 30_000 }, async () => {
      const folder = join(root, `unwatched-${count}`)
      mkdirSync(folder)
      const cookie = `unwatched${process.pid}-${count}`
      const server = startServer(folder, cookie, 'sleep 0.4; echo done; exit 5')
      await said(server)
      await killed(server)
      // Its file is there a moment before its word is.
      const { exit } = jobFolder(folder, 'run/a/1')
      await until(async () => existsSync(exit) && readFileSync(exit, 'utf8').endsWith('\n'))
      const { commands } = newHost(folder, cookie)
      await commands.adopt(async () => [])
      expect(await commands.find('run/a/1')).toMatchObject({ ended: { exit: 5, why: 'exited' } })
      expect(await logOf(commands, 'run/a/1')).toBe('done\n')
    })

    it('leaves a command lost when its launcher is killed too, and nothing of it running', {
      timeout: 30_000,
    }, async () => {
      const folder = join(root, `lost-${count}`)
      mkdirSync(folder)
      const cookie = `lost${process.pid}-${count}`
      const server = startServer(folder, cookie, 'sleep 300')
      await said(server)
      // What was asked for may not have begun yet: before its launcher claims it, it is nobody's loss.
      const claim = join(folder, readdirSync(folder)[0] ?? '', 'claim')
      const launcher = Number(
        await until(async () => existsSync(claim) && readFileSync(claim, 'utf8').split(' ')[1]),
      )
      await killed(server)
      process.kill(launcher, 'SIGKILL')
      const { commands } = newHost(folder, cookie)
      await until(async () => {
        await commands.adopt(async () => [])
        return (await commands.find('run/a/1')) === 'lost'
      })
      await until(async () => (await commands.census()).length === 0)
    })
  })
})

process.once('exit', () => rmSync(root, { recursive: true, force: true }))
