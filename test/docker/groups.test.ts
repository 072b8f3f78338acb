import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type AllCommands,
  allCommands,
  type ContainerSpec,
  type Engine,
  type GroupSpec,
} from '../../src/engine/index.ts'
import { jobFolder, realClock } from '../../src/host/index.ts'
import type { Digest } from '../../src/kernel/index.ts'
import { baseImage, startEngine, type TestEngine } from '../support/docker.ts'
import { needs } from '../support/requirements.ts'
import { until } from '../support/story.ts'

const missing = needs('docker').missing !== undefined

let docker: TestEngine
let image: Digest
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-groups-'))
const open: AllCommands[] = []

/** A server's commands; the next server finds what the last one has begun. */
const server = (engine: Engine = docker.engine): AllCommands => {
  const commands = allCommands({ engine, folder, clock: realClock, cookie: 'test' })
  open.push(commands)
  return commands
}

const container = (name: string, run: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  ...{ name, image, argv: ['/bin/sh', '-c', run], env: {}, secrets: {}, mounts: [] },
  ...{ writable: false, capabilities: [], essential: true, ...more },
})

const group = (
  containers: GroupSpec['containers'],
  more: Partial<Omit<GroupSpec, 'containers'>> = {},
): GroupSpec => ({
  ...{ containers, secrets: [], graceMs: 2_000, log: { maxBytes: 10_000, rotate: false }, ...more },
})

const ends = (commands: AllCommands, key: string) =>
  until(
    `the end of ${key}`,
    async () => {
      const found = await commands.find(key)
      return typeof found === 'object' ? found.ended : found === 'lost' ? 'lost' : undefined
    },
    20_000,
  )

const logOf = (key: string): string => readFileSync(jobFolder(folder, key).log, 'utf8')

const containersOf = async (): Promise<number> => (await docker.engine.list('plimsoll.home=test')).length

describe.skipIf(missing)('groups of containers on a real engine', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    docker = await startEngine()
    const found = await docker.engine.image(baseImage)
    image = found?.id as Digest
  })

  // One server at a time sweeps up what is nobody's: another one's would be.
  afterEach(async () => {
    await Promise.all(open.splice(0).map((commands) => commands.close()))
  })

  afterAll(async () => {
    await docker?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('end with their exit code, whole log and nothing left', async () => {
    const commands = server()
    await commands.start('run/a/job/0/1', group([container('step', 'echo one; echo two >&2; exit 3')]))
    expect(await ends(commands, 'run/a/job/0/1')).toMatchObject({ exit: 3, why: 'exited' })
    expect(logOf('run/a/job/0/1').split('\n').sort()).toEqual(['', 'one', 'two'])
    await until('nothing to be left', async () => ((await containersOf()) === 0 ? true : undefined))
  })

  it('have the size that the engine gave them, as the kernel limits it', async () => {
    const commands = server()
    const key = 'fleet/s/0/1'
    const tells = 'cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/memory.max || true; exec sleep 1000'
    const limits = { cpus: 0.5, memoryBytes: 96 * 2 ** 20 }
    await commands.start(
      key,
      group([container('app', tells, limits), container('proxy', 'exec sleep 1000', { essential: false })]),
    )
    const size = await until('its size', () => commands.containerSize(key))
    expect(size).toEqual({
      is: 'containers',
      containers: {
        app: { ...limits, essential: true },
        proxy: { cpus: null, memoryBytes: null, essential: false },
      },
    })
    await until('what it tells', async () => (logOf(key).split('\n').length > 2 ? true : undefined))
    // Older kernels have these files elsewhere.
    if (logOf(key).includes('50000 100000')) expect(logOf(key)).toContain(String(limits.memoryBytes))
    expect(await commands.containerSize('fleet/nobody/0/1')).toBeUndefined()
    await commands.cancel(key, 100)
    await ends(commands, key)
  })

  it('say which of several ended, that it ran out of memory, and take the others with it', async () => {
    const commands = server()
    const eats = "node -e 'const a=[];for(;;)a.push(Buffer.alloc(9e6,1))'"
    await commands.start(
      'fleet/a/0/1',
      group([container('proxy', 'exec sleep 1000'), container('app', eats, { memoryBytes: 64 * 2 ** 20 })]),
    )
    expect(await ends(commands, 'fleet/a/0/1')).toMatchObject({
      why: 'exited',
      note: 'container app ran out of memory (limit 64 MiB)',
      kills: { app: expect.any(Number) },
    })
    expect(logOf('fleet/a/0/1')).toMatch(/^plimsoll: container app killed: out of memory, limit 64 MiB$/m)
  })

  it('say that the kernel ended a process of a container that lives on', async () => {
    const eats = "node -e 'const a=[];for(;;)a.push(Buffer.alloc(9e6,1))'"
    const key = 'fleet/c/0/1'
    const commands = server()
    await commands.start(
      key,
      group([container('app', `${eats}; echo lives; exec sleep 1000`, { memoryBytes: 64 * 2 ** 20 })]),
    )
    const killed = await until('it to be told', async () => {
      const [app] = (await commands.containerUse(key)) ?? []
      return app?.kills ? app : undefined
    })
    expect(killed).toMatchObject({ name: 'app', kills: 1, memoryLimitBytes: 64 * 2 ** 20 })
    expect(await commands.find(key)).toBe('running')
    await until('its log', async () => (logOf(key).includes('plimsoll:') ? true : undefined))
    expect(logOf(key)).toMatch(/^plimsoll: killed: out of memory, limit 64 MiB$/m)
    // The next server counts it once, too.
    await commands.close()
    const next = server()
    await next.adopt(async () => [])
    await until('it to be found', () => next.containerUse(key))
    await next.cancel(key, 100)
    expect(await ends(next, key)).toMatchObject({ kills: { app: 1 } })
  })

  it('have nothing but their secrets as files, no right to become more, and one network', async () => {
    const commands = server()
    const asks =
      'cat /run/secrets/KEY; grep -i ^Cap /proc/self/status; touch /x || echo read-only; until wget -qO- http://127.0.0.1:99/; do sleep 0.1; done'
    const serves = `node -e 'require("http").createServer((q,s)=>s.end("hello over localhost")).listen(99,"127.0.0.1")'`
    const secrets = { KEY: 'sup3r-secret' }
    await commands.start(
      'fleet/b/0/1',
      group([container('proxy', asks, { secrets }), container('app', serves)], { secrets: ['sup3r-secret'] }),
    )
    await ends(commands, 'fleet/b/0/1')
    expect(logOf('fleet/b/0/1')).toContain('***')
    expect(logOf('fleet/b/0/1')).not.toContain('sup3r')
    expect(logOf('fleet/b/0/1')).toMatch(/CapEff:\s+0{16}/)
    expect(logOf('fleet/b/0/1')).toContain('read-only')
    expect(logOf('fleet/b/0/1')).toContain('hello over localhost')
  })

  it('are ended when their time is over, by force when they do not listen', async () => {
    const commands = server()
    const deaf = "trap '' TERM; while true; do sleep 0.1; done"
    await commands.start(
      'run/b/job/0/1',
      group([container('step', deaf)], { timeoutMs: 500, graceMs: 1_000 }),
    )
    expect(await ends(commands, 'run/b/job/0/1')).toMatchObject({ why: 'timedOut', signal: 'SIGKILL' })
  })

  it('can be cancelled', async () => {
    const commands = server()
    await commands.start('run/c/job/0/1', group([container('step', 'exec sleep 1000')]))
    await commands.cancel('run/c/job/0/1', 2_000)
    expect(await ends(commands, 'run/c/job/0/1')).toMatchObject({ why: 'cancelled', signal: 'SIGTERM' })
  })

  it('that cannot be started say why', async () => {
    const commands = server()
    await commands.start('run/d/job/0/1', group([container('step', '', { argv: ['/no/such/program'] })]))
    const end = await ends(commands, 'run/d/job/0/1')
    expect(end).toMatchObject({ exit: 127, why: 'exited' })
    const gone = container('step', 'true', { image: `sha256:${'0'.repeat(64)}` })
    await commands.start('run/d/job/1/1', group([gone]))
    expect(await ends(commands, 'run/d/job/1/1')).toMatchObject({
      why: 'couldNotStart',
      error: expect.stringMatching(/no such image/i),
    })
  })

  it('are found again by the next server, with what they printed meanwhile', async () => {
    const first = server()
    const go = mkdtempSync(join(folder, 'go-'))
    const says =
      'echo begun; sleep 2; echo meanwhile; until [ -e /go/on ]; do sleep 0.1; done; echo done; exit 4'
    const mounts = [{ from: go, to: '/go', writable: false }]
    await first.start('run/e/job/0/1', group([container('step', says, { mounts })]))
    await until('its first word', async () => (logOf('run/e/job/0/1').includes('begun') ? true : undefined))
    await first.close()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const second = server()
    await second.adopt(async () => [])
    expect(await second.find('run/e/job/0/1')).toBe('running')
    writeFileSync(join(go, 'on'), '')
    expect(await ends(second, 'run/e/job/0/1')).toMatchObject({ exit: 4 })
    expect(logOf('run/e/job/0/1')).toBe('begun\nmeanwhile\ndone\n')
  })

  it('that were cut short between making and starting are finished by the next server, once', async () => {
    const dying: Engine = { ...docker.engine, start: () => new Promise(() => {}) }
    const spec = group([container('step', 'echo once; sleep 1')])
    void server(dying).start('run/f/job/0/1', spec)
    await until('it to be made', async () => ((await containersOf()) === 1 ? true : undefined))
    const next = server()
    await next.adopt(async () => [])
    expect(await next.find('run/f/job/0/1')).toBe('absent')
    await next.start('run/f/job/0/1', spec)
    await next.start('run/f/job/0/1', spec)
    expect(await ends(next, 'run/f/job/0/1')).toMatchObject({ exit: 0 })
    expect(logOf('run/f/job/0/1')).toBe('once\n')
  })

  it('that somebody removed are lost', async () => {
    const commands = server()
    await commands.start('fleet/g/0/1', group([container('app', 'exec sleep 1000')]))
    for (const { id } of await docker.engine.list('plimsoll.key=fleet/g/0/1')) await docker.engine.remove(id)
    expect(await ends(commands, 'fleet/g/0/1')).toBe('lost')
  })
})
