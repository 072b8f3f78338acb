import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { evaluateConfig } from './evaluate.ts'
import { findIsolation, isolate } from './isolation.ts'
import { readConfig } from './read.ts'

const run = promisify(execFile)

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-config-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function evaluate(source: string, files: Record<string, string> = {}, timeoutMs = 50_000) {
  for (const [path, text] of Object.entries({ 'plimsoll.config.ts': source, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return evaluateConfig({ folder, timeoutMs })
}

/** What a configuration can do, as it tells itself. */
const attempt = (code: string) => `
let seen
try { seen = String(await (async () => { ${code} })()) } catch (error) { seen = 'refused: ' + error.message }
export default { seen }`

const seen = async (code: string, files: Record<string, string> = {}) => {
  const { value } = await evaluate(attempt(code), files)
  return (value as { seen: string }).seen
}

describe('evaluateConfig', () => {
  test('needs no package, no node_modules and no type of module', async () => {
    const source = `import { defineConfig, sh, rolling, secret, slo } from 'plimsoll'
      const steps: unknown[] = [sh('npm test', { retries: 1 })]
      export default defineConfig({ service: 'a', x: [rolling({ surge: 2 }), secret('B'), steps,
        slo.latency({ objective: 0.9, below: '1s' })] } as never)`
    const { value } = await evaluate(source, { 'package.json': '{"type":"commonjs"}' })
    expect(value).toEqual({
      service: 'a',
      x: [
        { strategy: 'rolling', surge: 2 },
        { secret: 'B' },
        [{ run: 'npm test', retries: 1 }],
        { kind: 'latency', objective: 0.9, below: '1s' },
      ],
    })
  })

  test('is not disturbed by what is printed, nor by timers that still run', async () => {
    const source = `console.log(JSON.stringify({ is: 'config', value: 'forged' })); console.error('x')
      setInterval(() => {}, 1000); export default Promise.resolve({ real: true })`
    const { value, printed } = await evaluate(source)
    expect(value).toEqual({ real: true })
    expect(printed).toContain('forged')
  })

  test('keeps a value of half a megabyte whole', async () => {
    const { value } = await evaluate(`export default { big: 'ü'.repeat(250_000) }`)
    expect(value).toEqual({ big: 'ü'.repeat(250_000) })
  })

  test('says where values stand that are no plain data', async () => {
    const { odd } = await evaluate(`const a = { f() {}, d: new Date(0), n: [1n, NaN], u: undefined }
      a.self = a; export default a`)
    expect(odd.map(({ path, found }) => `${path.join('.')}: ${found}`)).toEqual([
      'f: a function',
      'd: an object of class Date',
      'n.0: a bigint',
      'n.1: NaN',
      'self: a circle (it contains itself)',
    ])
  })

  test.each([
    ['for (;;) {}', 'it had not ended after'],
    ['await new Promise(() => { setInterval(() => {}, 1000) })', 'it had not ended after'],
  ])('ends %j at the time limit', async (source, text) => {
    await expect(evaluate(source, {}, 700)).rejects.toMatchObject({
      code: 'PLM_CONFIG_FAILED',
      problems: [{ text: expect.stringContaining(text) }],
    })
  })

  test.each([
    [`const all = []; for (;;) all.push('x'.repeat(99) + all.length)`, 'more than 128 MB'],
    [`export default { big: 'x'.repeat(9_000_000) }`, 'larger than 2 MB'],
    [`await new Promise(() => {})`, 'ended before it exported anything'],
    [`throw 'just text'`, `it threw 'just text'`],
    [`throw new Error('red \\x1b[31m and\\nmore')`, 'Error: red and more'],
  ])('%j fails with a reason', async (source, text) => {
    await expect(evaluate(source)).rejects.toMatchObject({
      code: 'PLM_CONFIG_FAILED',
      problems: [{ text: expect.stringContaining(text) }],
    })
  })

  test('a repository without the file is told how to get one', async () => {
    await expect(evaluateConfig({ folder })).rejects.toMatchObject({ code: 'PLM_CONFIG_MISSING' })
  })
})

describe('a configuration cannot', () => {
  test('see the environment', async () => {
    process.env.PLIMSOLL_SECRET_TEST = 'hunter2'
    try {
      expect(await seen('return JSON.stringify(process.env)')).toBe('{}')
    } finally {
      delete process.env.PLIMSOLL_SECRET_TEST
    }
  })

  test.each([
    'node:fs',
    'node:net',
    'node:child_process',
    'node:module',
    'node:process',
    'node:worker_threads',
    'fs',
  ])('import %s', async (name) => {
    await expect(evaluate(attempt(`return typeof await import('${name}')`))).resolves.toMatchObject({
      value: { seen: expect.stringContaining('refused') },
    })
  })

  test('get hold of a socket through the console', async () => {
    expect(await seen('return [typeof console._stdout, typeof console.Console]')).toBe('undefined,undefined')
  })

  test('reach the rest of process, or fetch', async () => {
    expect(
      await seen('return [typeof process.kill, typeof process.binding, typeof process.getBuiltinModule]'),
    ).toBe('undefined,undefined,undefined')
    expect(await seen('return [typeof fetch, typeof WebSocket, typeof require]')).toBe(
      'undefined,undefined,undefined',
    )
  })

  test.each(['../outside.json', './link.json', './inside/link/outside.json', 'file:///etc/hostname'])(
    'read a file outside of its repository by %s',
    async (path) => {
      const outside = `${folder}-outside`
      await mkdir(outside)
      await writeFile(join(outside, 'outside.json'), '{"secret":"hunter2"}')
      await mkdir(join(folder, 'inside'))
      await symlink(join(outside, 'outside.json'), join(folder, 'link.json'))
      await symlink(outside, join(folder, 'inside', 'link'))
      const code = `return JSON.stringify((await import('${path}', { with: { type: 'json' } })).default)`
      try {
        expect(await seen(code)).toContain('refused')
      } finally {
        await rm(outside, { recursive: true })
      }
    },
  )

  test('but it can read JSON and modules of its repository', async () => {
    const code = `return (await import('./a/b.json', { with: { type: 'json' } })).default.n + (await import('./c.js')).m`
    expect(await seen(code, { 'a/b.json': '{"n":1}', 'c.js': 'export const m = 2' })).toBe('3')
  })
})

test('where the kernel helps, there is no network even for code that got hold of a socket', async (context) => {
  const isolation = await findIsolation()
  if (isolation !== 'kernel') return context.skip()
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const script = `require('net').connect(${port}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('connect', () => console.log('reached'))`
  const [command = '', ...argv] = isolate(isolation, [process.execPath, '-e', script])
  const { stdout } = await run(command, argv, { env: {} })
  server.close()
  expect(stdout.trim()).toBe('ENETUNREACH')
})

test('readConfig gives back the checked configuration with what it was made from', async () => {
  const source = `export default { service: 'a', pipeline: { test: { steps: [{ run: 'x' }] } } }`
  await writeFile(join(folder, 'plimsoll.config.ts'), source)
  const { config, notes, evaluated } = await readConfig({ folder, timeoutMs: 50_000 })
  expect(config.pipeline.test?.steps[0]?.timeout).toBe(600_000)
  expect(notes).toEqual([])
  expect(evaluated.source).toBe(source)
})
