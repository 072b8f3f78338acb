import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newChanges, repositories, serveGit, snapshotWorkingTree } from './index.ts'

const exec = promisify(execFile)
const root = mkdtempSync(join(tmpdir(), 'plimsoll-changes-'))
const served = join(root, 'served')
mkdirSync(served)
const all = repositories(served)

const env = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
}
const git = async (folder: string, ...args: string[]) =>
  exec('git', args, { cwd: folder, env, maxBuffer: 1 << 26 })

let server: Server
let address: string

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const password = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64')
      .toString()
      .split(':')[1]
    if (password !== 'token') {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
      return
    }
    const url = new URL(request.url ?? '', 'http://x')
    const [, name = '', path = ''] = /^\/git\/(.+?)\.git(\/.*)$/.exec(url.pathname) ?? []
    const repository = await all.open(name)
    await serveGit(request, response, {
      repository,
      service: name,
      user: 'ada',
      path,
      query: url.search.slice(1),
      url: 'http://plimsoll.test',
      onLog: () => {},
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
  rmSync(root, { recursive: true, force: true })
})

const remote = (name: string, password = 'token') => `http://ada:${password}@${address}/git/${name}.git`

async function newClone(name: string): Promise<string> {
  const folder = join(root, `clone-${name}-${randomBytes(3).toString('hex')}`)
  mkdirSync(folder)
  await git(folder, 'init', '-q', '-b', 'main')
  await git(folder, 'remote', 'add', 'origin', remote(name))
  return folder
}

async function commit(
  folder: string,
  file: string,
  content: string | Buffer,
  message: string,
): Promise<string> {
  writeFileSync(join(folder, file), content)
  await git(folder, 'add', '-A')
  await git(folder, 'commit', '-q', '-m', message)
  return (await git(folder, 'rev-parse', 'HEAD')).stdout.trim()
}

describe('a push with stock git', () => {
  it('arrives, is seen as a change, and says where it can be watched', async () => {
    const clone = await newClone('payments')
    const head = await commit(clone, 'a.txt', 'one', 'Begin: \u001b[2Jwith "quotes" & more')
    const { stderr } = await git(clone, 'push', 'origin', 'main')
    expect(stderr).toContain(`remote: plimsoll: http://plimsoll.test/services/payments/changes/${head}`)
    expect(stderr).toContain(`remote: plimsoll: plimsoll follow payments ${head.slice(0, 12)}`)
    const repository = await all.open('payments')
    const { changes, seen } = await newChanges(repository, {})
    expect(seen).toEqual({ main: head })
    expect(changes).toMatchObject([
      {
        id: head,
        commit: head,
        branch: 'main',
        subject: 'Begin: with "quotes" & more',
        author: 'Ada',
        repository,
      },
    ])
    expect(await newChanges(repository, seen)).toEqual({ changes: [], seen })
  })

  it('gives each branch that moved its newest commit; tags and deleted branches give nothing', async () => {
    const clone = await newClone('orders')
    await commit(clone, 'a.txt', 'one', 'one')
    await git(clone, 'push', '-q', 'origin', 'main', 'main:old')
    const repository = await all.open('orders')
    const { seen } = await newChanges(repository, {})
    const head = await commit(clone, 'a.txt', 'two', 'two')
    await git(clone, 'tag', 'v1')
    await git(clone, 'push', '-q', 'origin', 'main', 'main:feature/x', 'v1', ':old')
    const { changes } = await newChanges(repository, seen)
    expect(changes.map(({ branch, id }) => [branch, id]).sort()).toEqual([
      ['feature/x', head],
      ['main', head],
    ])
  })

  it.each([
    [
      'without a token',
      (name: string) => `http://${address}/git/${name}.git`,
      /could not read Username|terminal prompts disabled/,
    ],
    ['with a wrong one', (name: string) => remote(name, 'wrong'), /Authentication failed/],
  ])('is refused %s', async (_case, to, said) => {
    const clone = await newClone('refused')
    await commit(clone, 'a.txt', 'one', 'one')
    await expect(git(clone, 'push', to('refused'), 'main')).rejects.toMatchObject({
      stderr: expect.stringMatching(said),
    })
    expect((await all.list()).includes('refused')).toBe(false)
  })

  it('may be large, and can be cloned back byte for byte', async () => {
    const clone = await newClone('large')
    const bytes = randomBytes(20 << 20)
    await commit(clone, 'large.bin', bytes, 'large')
    await git(clone, 'push', '-q', 'origin', 'main')
    const back = join(root, 'back')
    await git(root, 'clone', '-q', remote('large'), back)
    expect(readFileSync(join(back, 'large.bin')).equals(bytes)).toBe(true)
  })

  it('of two at once keeps both', async () => {
    const [one, two] = [await newClone('both'), await newClone('both')]
    await commit(one, 'a.txt', 'one', 'one')
    await commit(two, 'b.txt', 'two', 'two')
    await Promise.all([
      git(one, 'push', '-q', 'origin', 'main:one'),
      git(two, 'push', '-q', 'origin', 'main:two'),
    ])
    expect(Object.keys((await newChanges(await all.open('both'), {})).seen).sort()).toEqual(['one', 'two'])
  })

  it('that is cut off leaves a sound repository and no change', async () => {
    const clone = await newClone('cut')
    await commit(clone, 'large.bin', randomBytes(30 << 20), 'large')
    const pushing = spawn('git', ['push', '-q', 'origin', 'main'], {
      cwd: clone,
      env,
      detached: true,
      stdio: 'ignore',
    })
    const gone = new Promise((resolve) => pushing.once('exit', resolve))
    await new Promise((resolve) => setTimeout(resolve, 150))
    if (pushing.pid) process.kill(-pushing.pid, 'SIGKILL')
    await gone
    const repository = await all.open('cut')
    await git(repository, 'fsck', '--no-dangling')
    expect((await newChanges(repository, {})).changes).toEqual([])
    await git(clone, 'push', '-q', 'origin', 'main')
    expect((await newChanges(repository, {})).changes).toHaveLength(1)
  })

  it('asks for nothing but the smart protocol', async () => {
    await all.open('payments')
    const headers = { authorization: `Basic ${Buffer.from('ada:token').toString('base64')}` }
    for (const path of ['/HEAD', '/config', '/objects/info/packs', '/info/refs', '/../payments.git/HEAD'])
      expect((await fetch(`http://${address}/git/payments.git${path}`, { headers })).status, path).toBe(404)
  })

  it('needs a name that a service can have', async () => {
    await expect(all.open('../evil')).rejects.toMatchObject({ code: 'PLM_USAGE' })
  })
})

describe('a working tree', () => {
  it('is a change with what is not committed, and leaves no trace on index, files and refs', async () => {
    const folder = await newClone('tree')
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, '.gitignore'), 'ignored\n')
    await commit(folder, 'sub/a.txt', 'one', 'one')
    writeFileSync(join(folder, 'sub/a.txt'), 'two')
    writeFileSync(join(folder, 'new.txt'), 'new')
    writeFileSync(join(folder, 'ignored'), 'no')
    const status = async () => (await git(folder, 'status', '--porcelain')).stdout
    const [before, index] = [await status(), readFileSync(join(folder, '.git/index'))]
    const change = await snapshotWorkingTree(folder, 5)
    expect(change).toMatchObject({ branch: 'main', subject: 'working tree on main (2 files changed)', at: 5 })
    expect(change.commit).toBeUndefined()
    expect((await git(folder, 'ls-tree', '-r', '--name-only', change.tree)).stdout).toBe(
      '.gitignore\nnew.txt\nsub/a.txt\n',
    )
    expect((await git(folder, 'show', `${change.tree}:sub/a.txt`)).stdout).toBe('two')
    expect(await status()).toBe(before)
    expect(readFileSync(join(folder, '.git/index')).equals(index)).toBe(true)
    const sub = await snapshotWorkingTree(join(folder, 'sub'), 5)
    expect((await git(folder, 'ls-tree', '--name-only', sub.tree)).stdout).toBe('a.txt\n')
  })

  it('is refused outside of a repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-none-'))
    await expect(snapshotWorkingTree(folder, 0)).rejects.toMatchObject({ code: 'PLM_NOT_A_REPOSITORY' })
    rmSync(folder, { recursive: true })
  })
})
