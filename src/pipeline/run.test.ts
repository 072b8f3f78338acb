import { execFileSync, spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CommandEnd } from '../host/index.ts'
import type { Key } from '../kernel/index.ts'
import { temporaryFolder } from './bundle/folder.fixture.ts'
import { hashFolder, unpackBundle } from './bundle/index.ts'
import { testsGate } from './gates.ts'
import { looksOf, newRun, type RunState, runMachine, type StepStart, type WorkSpec } from './plan/index.ts'
import { configEnd } from './plan/story.fixture.ts'
import { runText } from './view.ts'
import { createWork } from './work/index.ts'
import { memoryDeps, repositoryOf } from './work/workshop.fixture.ts'

const config = configEnd({
  build: { steps: [{ run: 'mkdir dist\necho "console.log(\'pays\')" > dist/server.js' }], outputs: ['dist'] },
  test: {
    needs: ['build'],
    steps: [{ run: 'node --test --test-reporter junit --test-reporter-destination report.xml' }],
    reports: { junit: 'report.xml' },
  },
})

const testFile = (expected: string) => `
import { test } from 'node:test'
import { execFileSync } from 'node:child_process'
import assert from 'node:assert'
test('pays', () => assert.equal(String(execFileSync(process.execPath, ['dist/server.js'])), '${expected}\\n'))
test('is in its own folder', () => assert.equal(process.env.PLIMSOLL_JOB, 'test'))
`

/** Runs a step at once, with the shell, as the host would. */
function runStep(folder: string, start: StepStart): CommandEnd {
  const own = Object.entries(start.env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const env = { PATH: `${join(process.execPath, '..')}:${process.env.PATH}`, ...Object.fromEntries(own) }
  const cwd = join(folder, ...start.cwdKey.split('/').slice(1))
  const { status, signal } = spawnSync('sh', ['-eu', '-c', start.run], { cwd, env })
  return { exit: status, signal, why: 'exited', startedAt: 0, endedAt: 1, droppedBytes: 0 }
}

/** A run from beginning to end with real files, real git and real commands. */
async function runAll(files: Record<string, string>) {
  const root = await temporaryFolder()
  const change = await repositoryOf(join(root, 'repository'), files)
  const memory = memoryDeps(join(root, 'work'), {
    ...config,
    release: { include: ['**'], exclude: ['*.test.mjs'] },
  })
  const work = createWork(memory.deps)
  const machine = runMachine({ jobs: 2 })
  const commands = new Map<Key, CommandEnd>()
  let bell = Promise.withResolvers<void>()
  work.watch(() => bell.resolve())
  let state: RunState = newRun({
    id: '1',
    service: 'payments',
    change,
    actor: 'ada',
    secretsAllowed: true,
    startedAt: 0,
  })
  while (state.phase !== 'ended') {
    bell = Promise.withResolvers<void>()
    const looks = looksOf(state)
    const ends = looks.commands.flatMap((key) => {
      const end = commands.get(key)
      return end ? [[key, { ended: end }] as const] : []
    })
    const found = await Promise.all(looks.work.map(async (key) => [key, await work.find(key)] as const))
    const seen = { commands: Object.fromEntries(ends), work: Object.fromEntries(found) }
    const decision = machine.decide(state, seen, 1)
    if (decision.is === 'wait') {
      await bell.promise
      continue
    }
    state = decision.state
    for (const { kind, key, spec } of decision.effects) {
      if (kind === 'work.start') await work.start(key, spec as unknown as WorkSpec)
      if (kind === 'command.start')
        commands.set(key, runStep(memory.deps.folder, spec as unknown as StepStart))
      if (kind === 'run.tidy') await work.tidy('1')
    }
  }
  return { ...memory, root, state }
}

test('a good change becomes a release that runs, with evidence that the gate lets through', async () => {
  const { state, root, blobs, deps } = await runAll({
    'pay.test.mjs': testFile('pays'),
    'package.json': '{}',
  })
  expect(runText(state)).toMatch(/^passed in/)
  if (!state.release) throw new Error('no release')
  const out = join(root, 'out')
  await unpackBundle(blobs, state.release.digest, out)
  expect((await readdir(out)).sort()).toEqual(['dist', 'package.json'])
  expect(await hashFolder(out)).toBe(state.release.digest)
  expect(String(execFileSync(process.execPath, [join(out, 'dist/server.js')]))).toBe('pays\n')
  const evidence = await deps.evidence.about(state.release.digest)
  expect(evidence.map(({ kind }) => kind).sort()).toEqual(['provenance', 'tests'])
  const question = { service: 'shop', environment: 'production', release: state.release.digest }
  expect(testsGate.judge({}, question, evidence, 0).is).toBe('pass')
  expect(await readdir(deps.folder)).toEqual([])
})

test('a change whose tests fail is no release, and says which test', async () => {
  const { state, evidence, deps } = await runAll({ 'pay.test.mjs': testFile('refunds') })
  expect(runText(state)).toBe('test failed: 1 of 2 tests')
  expect(state.jobs.test?.tests?.failures[0]).toMatchObject({ name: 'pays' })
  expect(state.release).toBeUndefined()
  expect([...evidence]).toEqual([])
  expect(await readdir(deps.folder)).toEqual([])
})
