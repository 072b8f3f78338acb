import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jobFolder, realClock } from '../host/index.ts'
import type { Engine } from './engine.ts'
import { engineOutput, type OutputSpec } from './output.ts'
import { EngineRefusal } from './socket.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-output-'))
afterAll(() => rmSync(root, { recursive: true }))

type Line = { readonly second: number; readonly text: string }

function frame({ second, text }: Line): Uint8Array {
  const stamped = Buffer.from(`2026-01-01T00:00:0${second}.000000000Z ${text}\n`)
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(stamped.length, 4)
  return Buffer.concat([head, stamped])
}

async function* streamOf(lines: readonly Line[], since: string | undefined): AsyncGenerator<Uint8Array> {
  const from = since === undefined ? 0 : Number(since) - Date.parse('2026-01-01T00:00:00Z') / 1_000
  for (const line of lines) if (line.second >= from) yield frame(line)
}

const said: Record<string, readonly Line[]> = {
  c1: [
    { second: 1, text: 'one' },
    { second: 2, text: 'two' },
    { second: 2, text: 'two again' },
    { second: 3, text: 'the last word' },
  ],
  c2: [{ second: 1, text: 'also' }],
}

/** As the engine does at times: a stream that is followed ends without what came just before the end. */
const forgetful: Pick<Engine, 'logs'> = {
  logs: async (id, { since, follow }) =>
    streamOf(follow ? (said[id] ?? []).slice(0, 2) : (said[id] ?? []), since),
}

const spec: OutputSpec = {
  ...{ containers: [{ name: 'app', id: 'c1' }], named: false, secrets: [] },
  log: { maxBytes: 10_000, rotate: false },
}

const logOf = (key: string): string => readFileSync(jobFolder(root, key).log, 'utf8')
const soon = () => new Promise((resolve) => setTimeout(resolve, 50))

describe('the output of a group', () => {
  it('is whole when its end is told, though the stream had left out its last lines; and nothing is there twice', async () => {
    const output = engineOutput(root, forgetful, realClock)('run/a/job/0/1', spec)
    await soon()
    output.pump()
    expect(logOf('run/a/job/0/1')).toBe('one\ntwo\n')
    await output.finish()
    expect(logOf('run/a/job/0/1')).toBe('one\ntwo\ntwo again\nthe last word\n')
  })

  it('is not told to be over while the engine does not answer, and is read on when it does', async () => {
    let answers = false
    const logs: Engine['logs'] = async (id, options) => {
      if (!options.follow && !answers) throw new Error('nobody answers')
      return forgetful.logs(id, options)
    }
    const output = engineOutput(root, { logs }, realClock)('run/b/job/0/1', spec)
    await soon()
    await expect(output.finish()).rejects.toThrow('nobody answers')
    answers = true
    await output.finish()
    expect(logOf('run/b/job/0/1')).toBe('one\ntwo\ntwo again\nthe last word\n')
  })

  it('is what was read of it when its container is gone', async () => {
    const logs: Engine['logs'] = async (id, options) => {
      if (!options.follow) throw new EngineRefusal(404, 'no such container')
      return forgetful.logs(id, options)
    }
    const output = engineOutput(root, { logs }, realClock)('run/c/job/0/1', spec)
    await soon()
    await output.finish()
    expect(logOf('run/c/job/0/1')).toBe('one\ntwo\n')
  })

  it('of several containers says line by line whose it is, and goes on where the last server stopped', async () => {
    const both = { ...spec, named: true, containers: [...spec.containers, { name: 'proxy', id: 'c2' }] }
    const first = engineOutput(root, forgetful, realClock)('run/d/job/0/1', both)
    await soon()
    first.leave()
    await engineOutput(root, forgetful, realClock)('run/d/job/0/1', both).finish()
    expect(logOf('run/d/job/0/1').split('\n').sort()).toEqual(
      ['', 'app | one', 'app | two', 'app | two again', 'app | the last word', 'proxy | also'].sort(),
    )
  })
})
