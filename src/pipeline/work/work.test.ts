import { lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Key } from '../../kernel/index.ts'
import { bundleFolder, hashFolder } from '../bundle/bundle.ts'
import { fillFolder, temporaryFolder } from '../bundle/folder.fixture.ts'
import { unpackBundle } from '../bundle/unpack.ts'
import { everything } from '../bundle/walk.ts'
import type { ChangeRef } from '../plan/change.ts'
import { provenanceBody, testsBody } from '../plan/evidence.ts'
import { configEnd, digestOf } from '../plan/story.fixture.ts'
import type { BundleSpec, CollectSpec, PrepareSpec, WorkEnd, WorkSpec } from '../plan/work.ts'
import { createWork } from './work.ts'
import { git, headOf, memoryDeps, repositoryOf } from './workshop.fixture.ts'

const tree = {
  'package.json': '{}',
  'package-lock.json': 'v1',
  '.gitattributes': 'secret.txt export-ignore\n',
  'secret.txt': 'kept all the same',
  'bin/run': '#!/bin/sh\n',
  current: '-> bin/run',
  'reports/old.xml': '<testsuite><testcase name="old"><failure/></testcase></testsuite>',
}

async function workshop() {
  const root = await temporaryFolder()
  const change = await repositoryOf(join(root, 'repository'), tree)
  const config = configEnd({ test: { steps: [{ run: 'x' }] } })
  const { blobs, kept, evidence, deps } = memoryDeps(join(root, 'work'), config)
  const work = createWork(deps)
  let count = 0
  const ended = (key: Key) => new Promise<void>((resolve) => work.watch((done) => done === key && resolve()))
  async function does(spec: WorkSpec): Promise<WorkEnd> {
    const key = `run/1/x/${++count}`
    const over = ended(key)
    await work.start(key, spec)
    await over
    const found = await work.find(key)
    if (typeof found !== 'object') throw new Error(`it is ${found}`)
    return found.ended
  }
  const folderOf = (job: string) => join(deps.folder, '1', job)
  return { root, change, blobs, kept, evidence, deps, work, does, folderOf }
}

const prepareSpec = (change: ChangeRef, more: Partial<PrepareSpec> = {}): PrepareSpec => ({
  do: 'prepare',
  folder: 'run/1/test',
  service: 'payments',
  change,
  trusted: true,
  outputs: [],
  secrets: [],
  ...more,
})
const collectSpec = (more: Partial<CollectSpec> = {}): CollectSpec => ({
  do: 'collect',
  folder: 'run/1/test',
  passed: true,
  outputs: [],
  ...more,
})
const cache = { key: ['package-lock.json'], paths: ['node_modules'], recipe: ['npm ci'] }

describe('preparing', () => {
  test('gives the tree as it is: modes, links, and what export-ignore names', async () => {
    const { change, does, folderOf } = await workshop()
    expect(await does(prepareSpec(change))).toEqual({ is: 'prepared' })
    const folder = folderOf('test')
    expect((await readdir(folder)).sort()).toEqual([
      '.gitattributes',
      'bin',
      'current',
      'package-lock.json',
      'package.json',
      'reports',
      'secret.txt',
    ])
    expect((await lstat(join(folder, 'bin/run'))).mode & 0o100).toBe(0o100)
    expect(await readlink(join(folder, 'current'))).toBe('bin/run')
    expect((await readdir(join(folder, '..'))).sort()).toEqual(['test'])
  })

  test('works from a bare repository and from one that shows only a part, several at once', async () => {
    const { root, change, does, folderOf } = await workshop()
    git(root, 'clone', '-q', '--bare', 'repository', 'bare.git')
    git(join(root, 'repository'), 'sparse-checkout', 'set', 'bin')
    const ends = await Promise.all([
      does(prepareSpec({ ...change, repository: join(root, 'bare.git') }, { folder: 'run/1/a' })),
      does(prepareSpec(change, { folder: 'run/1/b' })),
    ])
    expect(ends).toEqual([{ is: 'prepared' }, { is: 'prepared' }])
    expect(await hashFolder(folderOf('a'))).toBe(await hashFolder(folderOf('b')))
    expect(await readdir(folderOf('b'))).toContain('reports')
  })

  test('is afresh each time, with the outputs of others on top', async () => {
    const { root, change, blobs, does, folderOf } = await workshop()
    const made = await fillFolder(join(root, 'made'), { 'dist/a': 'x', 'package.json': '{"built":true}' })
    const { digest } = await bundleFolder(blobs, made, everything)
    await mkdir(folderOf('test'), { recursive: true })
    await writeFile(join(folderOf('test'), 'left over'), '')
    await does(prepareSpec(change, { outputs: [digest] }))
    expect(await readdir(folderOf('test'))).not.toContain('left over')
    expect(await readFile(join(folderOf('test'), 'package.json'), 'utf8')).toBe('{"built":true}')
  })

  test('removes reports of others: only what the job writes counts', async () => {
    const { change, does, folderOf } = await workshop()
    await does(prepareSpec(change, { junit: 'reports/*.xml' }))
    expect(await readdir(join(folderOf('test'), 'reports'))).toEqual([])
    const end = await does(collectSpec({ junit: 'reports/*.xml' }))
    expect(end).toMatchObject({ reportProblems: [expect.stringContaining('no file matches reports/*.xml')] })
  })

  test('says what it could not do, and leaves nothing', async () => {
    const { change, deps, does } = await workshop()
    const gone = { ...change, tree: 'f'.repeat(40) }
    expect(await does(prepareSpec(gone))).toMatchObject({ is: 'failed' })
    expect(await does(prepareSpec({ ...change, tree: '--help' }))).toMatchObject({
      is: 'failed',
      because: '--help is no name of a tree',
    })
    expect(await does(prepareSpec(change, { folder: 'run/../../x' }))).toMatchObject({ is: 'failed' })
    expect(await does(prepareSpec(change, { secrets: ['KNOWN', 'OTHER'] }))).toEqual({
      is: 'failed',
      because: 'the secret OTHER has no value',
    })
    expect(await readdir(deps.folder, { recursive: true })).toEqual(['1'])
  })
})

describe('outputs kept between runs', () => {
  async function build() {
    const shop = await workshop()
    const first = await shop.does(prepareSpec(shop.change, { cache }))
    if (first.is !== 'prepared' || first.keepAs === undefined) throw new Error('no name to keep by')
    await fillFolder(shop.folderOf('test'), { 'node_modules/a/index.js': 'a' })
    const end = await shop.does(collectSpec({ outputs: ['node_modules'], keepAs: first.keepAs }))
    return { ...shop, first, end }
  }

  test('are found while the key is the same', async () => {
    const { change, does, end, first, folderOf } = await build()
    expect(first).toEqual({ is: 'prepared', keepAs: first.keepAs })
    const again = await does(prepareSpec(change, { cache }))
    expect(again).toEqual({
      is: 'prepared',
      keepAs: first.keepAs,
      kept: end.is === 'collected' ? end.outputs : '',
    })
    expect(await readFile(join(folderOf('test'), 'node_modules/a/index.js'), 'utf8')).toBe('a')
  })

  test('are not found when files, commands or service are others', async () => {
    const { root, change, does } = await build()
    await writeFile(join(root, 'repository/package-lock.json'), 'v2')
    git(join(root, 'repository'), 'commit', '-qam', 'second')
    const next = headOf(join(root, 'repository'))
    for (const spec of [
      prepareSpec(next, { cache }),
      prepareSpec(change, { cache: { ...cache, recipe: ['npm install'] } }),
      prepareSpec(change, { cache, service: 'other' }),
    ])
      expect(await does(spec)).not.toHaveProperty('kept')
  })

  test('a branch that is not protected reads what protected ones kept, and keeps for itself', async () => {
    const { change, does, first, kept } = await build()
    const own = await does(prepareSpec({ ...change, branch: 'evil' }, { cache, trusted: false }))
    expect(own).toHaveProperty('kept')
    expect(own).not.toHaveProperty('keepAs', first.keepAs)
    const poison = { ...cache, recipe: ['evil'] }
    const theirs = await does(prepareSpec({ ...change, branch: 'evil' }, { cache: poison, trusted: false }))
    if (theirs.is !== 'prepared') throw new Error('not prepared')
    kept.set(theirs.keepAs ?? '', digestOf('0'))
    expect(await does(prepareSpec(change, { cache: poison }))).not.toHaveProperty('kept')
  })

  test('a key that matches no file is said', async () => {
    const { change, does } = await workshop()
    const end = await does(prepareSpec(change, { cache: { ...cache, key: ['yarn.lock'] } }))
    expect(end).toEqual({ is: 'failed', because: 'no file matches the cache key yarn.lock' })
  })
})

describe('collecting', () => {
  const report = (failed: boolean) =>
    `<testsuite><testcase name="a"/><testcase name="b">${failed ? '<failure message="no"/>' : ''}</testcase></testsuite>`
  async function collectFrom(files: Record<string, string>, more: Partial<CollectSpec>) {
    const shop = await workshop()
    await fillFolder(shop.folderOf('test'), files)
    return { ...shop, end: await shop.does(collectSpec(more)) }
  }

  test('reads all reports and packs the outputs', async () => {
    const files = { 'r/a.xml': report(false), 'r/b.xml': report(false), 'dist/x': '1' }
    const { end, blobs, root } = await collectFrom(files, { junit: 'r/*.xml', outputs: ['dist'] })
    expect(end).toMatchObject({ tests: { passed: 4, failed: 0, suites: 2 }, reportProblems: [], missing: [] })
    if (end.is !== 'collected' || !end.outputs) throw new Error('no outputs')
    await unpackBundle(blobs, end.outputs, join(root, 'out'))
    expect(await readdir(join(root, 'out'), { recursive: true })).toEqual(['dist', 'dist/x'])
  })

  test('packs and keeps nothing when a test failed or a step did', async () => {
    const files = { 'r.xml': report(true), 'dist/x': '1' }
    const red = await collectFrom(files, { junit: 'r.xml', outputs: ['dist'], keepAs: 'k' })
    expect(red.end).toMatchObject({
      tests: { passed: 1, failed: 1, failures: [{ name: 'b', message: 'no' }] },
    })
    expect(red.end).not.toHaveProperty('outputs')
    const failed = await collectFrom({ 'dist/x': '1' }, { passed: false, outputs: ['dist'], keepAs: 'k' })
    expect(failed.end).not.toHaveProperty('outputs')
    expect([...red.kept, ...failed.kept]).toEqual([])
  })

  test('names reports that cannot be read and outputs that are not there', async () => {
    const broken = await collectFrom(
      { 'r/a.xml': '<testsuite>', 'r/b.xml': report(false) },
      { junit: 'r/*.xml' },
    )
    expect(broken.end).toMatchObject({
      reportProblems: [expect.stringMatching(/^r\/a\.xml is no well-formed XML/)],
      tests: { passed: 2 },
    })
    const missing = await collectFrom({ a: '1' }, { outputs: ['a', 'dist', 'b*'] })
    expect(missing.end).toMatchObject({ missing: ['dist', 'b*'] })
  })

  test('does not read a report through a link', async () => {
    const { end } = await collectFrom({ 'r.xml': '-> /etc/hostname' }, { junit: 'r.xml' })
    expect(end).toMatchObject({ reportProblems: [expect.stringContaining('no file matches')] })
  })
})

describe('packing the release', () => {
  const provenance = {
    service: 'payments',
    run: '1',
    actor: 'ada',
    change: 'c',
    commit: null,
    tree: 't',
    branch: 'main',
    subject: 's',
    author: 'a',
    jobs: [],
    config: digestOf('c'),
    builtAt: 5,
  }
  const tests = { run: '1', passed: 3, failed: 0, skipped: 0, suites: 1, retries: 0 }
  const spec = (change: ChangeRef, more: Partial<BundleSpec> = {}): BundleSpec => ({
    do: 'bundle',
    folder: 'run/1/-bundle',
    change,
    outputs: [],
    include: ['**'],
    exclude: ['reports'],
    evidence: { tests, provenance },
    at: 5,
    ...more,
  })

  test('takes the tree and the outputs, and puts the evidence once', async () => {
    const { root, change, blobs, evidence, does } = await workshop()
    const made = await fillFolder(join(root, 'made'), { 'dist/a': 'x' })
    const { digest: outputs } = await bundleFolder(blobs, made, everything)
    const first = await does(spec(change, { outputs: [outputs] }))
    const second = await does(spec(change, { outputs: [outputs] }))
    expect(second).toEqual(first)
    if (first.is !== 'bundled') throw new Error(JSON.stringify(first))
    expect([...evidence.values()].map(({ id, kind }) => [id, kind])).toEqual([
      [first.evidence[0], 'tests'],
      [first.evidence[1], 'provenance'],
    ])
    for (const one of evidence.values()) expect(one.about).toEqual({ release: first.release })
    expect(testsBody.parse([...evidence.values()][0]?.body)).toEqual(tests)
    expect(provenanceBody.parse([...evidence.values()][1]?.body)).toEqual(provenance)
    await unpackBundle(blobs, first.release, join(root, 'out'))
    const names = await readdir(join(root, 'out'), { recursive: true })
    expect(names).toEqual(expect.arrayContaining(['dist/a', 'package.json', 'bin/run', 'secret.txt']))
    expect(names).not.toContain('reports')
  })

  test('a release of nothing is none', async () => {
    const { change, does } = await workshop()
    expect(await does(spec(change, { include: ['nothing'] }))).toEqual({
      is: 'failed',
      because: 'no file matches release.include: nothing',
    })
  })
})

describe('work', () => {
  test('runs once for each key, is found again, and is absent to another server', async () => {
    const { change, deps, work } = await workshop()
    expect(await work.find('run/1/config/1')).toBe('absent')
    const spec = { do: 'config', service: 'payments', change } as const
    const over = new Promise<void>((resolve) => work.watch(() => resolve()))
    await Promise.all([work.start('run/1/config/1', spec), work.start('run/1/config/1', spec)])
    expect(await work.find('run/1/config/1')).toBe('running')
    await over
    expect(await work.find('run/1/config/1')).toMatchObject({ ended: { is: 'config' } })
    expect(await createWork(deps).find('run/1/config/1')).toBe('absent')
  })

  test('a cancelled evaluation ends as cancelled; cancelling what is absent is nothing', async () => {
    const { change, deps } = await workshop()
    const waits = (_service: string, _change: ChangeRef, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    const work = createWork({ ...deps, evaluate: waits })
    await work.cancel('run/1/config/1', 0)
    await work.start('run/1/config/1', { do: 'config', service: 'payments', change })
    const over = new Promise<void>((resolve) => work.watch(() => resolve()))
    await work.cancel('run/1/config/1', 0)
    await over
    expect(await work.find('run/1/config/1')).toEqual({ ended: { is: 'cancelled' } })
  })

  test('tidying removes the folders of one run and forgets its work', async () => {
    const { change, deps, does, work } = await workshop()
    await does(prepareSpec(change))
    await does(prepareSpec(change, { folder: 'run/12/test' }))
    await work.tidy('1')
    await work.tidy('1')
    expect(await readdir(deps.folder)).toEqual(['12'])
    expect(await work.find('run/1/x/1')).toBe('absent')
    await rm(join(deps.folder, '12'), { recursive: true })
  })
})
