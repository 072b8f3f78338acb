import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { dockerEngine, type Engine } from '../../src/engine/index.ts'
import { askEngine, streamFrom } from '../../src/engine/socket.ts'
import { until } from './story.ts'

const exec = promisify(execFile)

/** A Docker engine of our own: its images, containers and socket are in one temporary folder. */
export type TestEngine = {
  readonly engine: Engine
  readonly socket: string
  /** For DOCKER_HOST. */
  readonly address: string
  /** Asks its API directly, as somebody else would. */
  ask(path: string): Promise<unknown>
  /** Ends all containers, the engine, and removes the folder. */
  close(): Promise<void>
}

/** Name of the image that test services are built from: this Node.js, and the shell of busybox. */
export const baseImage = 'plimsoll-test/node:1'

const shellCommands = ['sh', 'cat', 'ls', 'sleep', 'env', 'id', 'wget', 'grep', 'tee', 'touch', 'true']

/** Puts together the least that a service in Node.js needs: no registry is asked. */
async function makeRoot(folder: string): Promise<void> {
  const put = async (from: string, to = from) => {
    await mkdir(join(folder, dirname(to)), { recursive: true })
    await cp(from, join(folder, to), { dereference: true })
  }
  await put('/bin/busybox')
  for (const name of shellCommands) await symlink('busybox', join(folder, 'bin', name))
  await put(process.execPath, '/usr/local/bin/node')
  const { stdout } = await exec('ldd', [process.execPath])
  for (const [library] of stdout.matchAll(/\/lib\S+/g)) await put(library)
  await mkdir(join(folder, 'tmp'), { mode: 0o777 })
  await mkdir(join(folder, 'etc'))
  await writeFile(join(folder, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n')
}

/** Makes the image from the folder, as `docker import` does. */
async function importRoot(socket: string, root: string): Promise<void> {
  const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [repo, tag] = baseImage.split(':')
  const query = { fromSrc: '-', repo, tag }
  const told = await streamFrom(socket, { method: 'POST', path: '/images/create', query, body: tar.stdout })
  for await (const _ of told);
}

async function startDaemon(folder: string, socket: string): Promise<ChildProcess> {
  const at = (name: string) => join(folder, name)
  const log = await open(at('log'), 'w')
  const child = spawn(
    'dockerd',
    [
      ...['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
      ...['--host', `unix://${socket}`],
    ],
    { stdio: ['ignore', log.fd, log.fd] },
  )
  await log.close()
  await until('an engine', () => askEngine(socket, { path: '/version' }), 30_000).catch(async (error) => {
    child.kill('SIGKILL')
    throw new Error(`dockerd did not start: ${await readFile(at('log'), 'utf8')}`, { cause: error })
  })
  return child
}

/** Starts an engine for one file of tests; needs root, and `needs('docker')`. */
export async function startEngine(): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-docker-'))
  const socket = join(folder, 'docker.sock')
  const child = await startDaemon(folder, socket)
  await makeRoot(join(folder, 'root'))
  await importRoot(socket, join(folder, 'root'))
  const engine = dockerEngine(() => socket)
  return {
    engine,
    socket,
    address: `unix://${socket}`,
    ask: (path) => askEngine(socket, { path }),
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      const isOver = () => child.exitCode !== null || child.signalCode !== null
      try {
        const query = { all: 'true' }
        const all = (await askEngine(socket, { path: '/containers/json', query })) as { Id: string }[]
        for (const { Id } of all) await engine.remove(Id)
      } catch (error) {
        // Ctrl-C comes to the daemon as well: it then stops its containers itself, and ends.
        const soon = new Promise((resolve) => setTimeout(resolve, 15_000))
        if (!isOver()) await Promise.race([ended, soon])
        if (!isOver()) throw error
      }
      if (!isOver()) {
        child.kill('SIGTERM')
        await ended
      }
      // It leaves the machine's own network mounted once a container has shared it.
      await exec('umount', ['--lazy', join(folder, 'exec/netns/default')]).catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}
