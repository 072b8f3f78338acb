import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'
import { afterEach, describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../bin/plimsoll.cjs', import.meta.url))
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A package that holds the command, and the Node.js of the `node` package when `brought` is its script. */
function install(brought?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bin-'))
  folders.push(folder)
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'src/cli'), { recursive: true })
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true })
  copyFileSync(bin, join(folder, 'bin/plimsoll.cjs'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const main = "process.stdout.write('main ' + process.argv.slice(2).join(' ')); process.exitCode = 7"
  writeFileSync(join(folder, 'src/cli/main.ts'), main)
  writeFileSync(
    join(folder, 'old.cjs'),
    "Object.defineProperty(process.versions, 'node', { value: '20.1.0' })",
  )
  if (brought === undefined) return folder
  writeFileSync(join(folder, 'node_modules/node/bin/node'), `#!/bin/sh\n${brought}\n`)
  chmodSync(join(folder, 'node_modules/node/bin/node'), 0o755)
  return folder
}

type Ended = { code: number | null; signal: string | null; out: string; err: string }

/** Runs the command; `onOut` sees what it prints while it runs. */
function run(folder: string, old: boolean, onOut = (_kill: () => void) => {}): Promise<Ended> {
  const preload = old ? ['--require', join(folder, 'old.cjs')] : []
  const child = spawn(process.execPath, [...preload, join(folder, 'bin/plimsoll.cjs'), 'up', 'a b'])
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
    onOut(() => child.kill('SIGTERM'))
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })))
}

describe('the command', () => {
  it('runs the program on a Node.js that is new enough', async () => {
    expect(await run(install(), false)).toMatchObject({ code: 7, out: 'main up a b' })
  })

  it('says that Node.js is too old, and ends with 2', async () => {
    const { code, out, err } = await run(install(), true)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('PLM_NODE_TOO_OLD  This is Node.js 20.1.0, Plimsoll needs 24 or later.')
  })

  it('hands over to the Node.js that the packages bring, with arguments and exit code', async () => {
    const folder = install('shift; echo "$# $1 $2"; exit 5')
    expect(await run(folder, true)).toMatchObject({ code: 5, out: '2 up a b\n' })
  })

  it('passes a signal on, and the exit code back', async () => {
    const folder = install('trap "exit 9" TERM; echo ready; while :; do sleep 0.02; done')
    expect(await run(folder, true, (kill) => kill())).toMatchObject({ code: 9, signal: null })
  })

  it('ends by the signal that ended the program', async () => {
    const folder = install('echo ready; kill -KILL $$')
    expect(await run(folder, true)).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  it('is written in syntax that any Node.js reads', () => {
    const found: string[] = []
    const refuse = (node: { type: string }) => found.push(node.type)
    const { program, module } = parseSync('plimsoll.cjs', readFileSync(bin, 'utf8'), { sourceType: 'script' })
    new Visitor({
      'ArrowFunctionExpression:exit': refuse,
      'TemplateLiteral:exit': refuse,
      'SpreadElement:exit': refuse,
      'ImportExpression:exit': refuse,
      'ClassDeclaration:exit': refuse,
      'VariableDeclaration:exit': (node) => node.kind !== 'var' && found.push(node.kind),
    }).visit(program)
    expect(found).toEqual([])
    expect(module.hasModuleSyntax).toBe(false)
  })
})
