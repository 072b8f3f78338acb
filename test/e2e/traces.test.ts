import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { attributesOf, looseEnds, type SpanSeen, startCollector } from '../support/otlp.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))
const page = readFileSync(fileURLToPath(new URL('../../docs/traces.md', import.meta.url)), 'utf8')
/** The first example of the page in this language. */
const example = (language: string): string => page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? ''

let collector: Awaited<ReturnType<typeof startCollector>>
let stage: Stage

beforeAll(async () => {
  collector = await startCollector()
  stage = await setStage(source, 'hello', undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=hello\n', { mode: 0o600 })
}, 60_000)
afterAll(async () => {
  await stage?.close()
  await collector?.stop()
})

/** A new server, which dies when the collector has answered for the first time, before it can note that. */
async function armed(): Promise<number> {
  writeFileSync(join(stage.folder, 'crash-at'), 'traces.send:after:1')
  const pid = await stage.serverPid()
  process.kill(pid, 'SIGKILL')
  return until('a new server', async () => {
    const next = await stage.serverPid()
    if (next === pid) return undefined
    await services(stage)
    return next
  })
}

const wholes = (): SpanSeen[] =>
  collector.requests.flatMap(({ spans }) => spans.filter(({ kind }) => kind === 2))

it('tells of a change from its run to production, with the spans of its steps, and once though it is killed', async () => {
  await stage.edit('plimsoll.config.ts', (config) =>
    config.replace('  pipeline: {\n', example('ts').replace('http://127.0.0.1:4318', collector.url)),
  )
  await stage.write('spans.js', example('js'))
  const pid = await armed()
  const commit = await stage.push('Trace it')
  await deploymentEnds(stage, commit, 'production')
  await until('three traces', async () =>
    new Set(wholes().map(({ traceId }) => traceId)).size >= 3 ? true : undefined,
  )
  expect(existsSync(join(stage.folder, 'crash-at')), 'the point was reached').toBe(false)
  expect(await stage.serverPid()).not.toBe(pid)
  expect(collector.problems).toEqual([])

  const spans = collector.requests.flatMap((one) => one.spans)
  expect(looseEnds(spans)).toEqual([])
  const byTrace = Map.groupBy(wholes(), ({ traceId }) => traceId)
  const [run, staging, production] = [...byTrace.values()].map(([first]) => first as SpanSeen)
  expect([run, staging, production].map((one) => one?.name)).toEqual([
    'BUILD hello',
    'deploy hello to staging',
    'promote hello to production',
  ])
  expect(byTrace.get(run?.traceId ?? ''), 'sent again by the next server, the same').toHaveLength(2)
  expect(run && attributesOf(run)).toMatchObject({
    'cicd.pipeline.result': 'success',
    'vcs.ref.head.revision': commit,
  })
  for (const one of [staging, production])
    expect(one?.links).toEqual([{ traceId: run?.traceId, spanId: run?.spanId, flags: 1 }])

  const own = spans.find(({ name }) => name === 'look around')
  const step = spans.find(({ name }) => name === 'node spans.js')
  expect(own).toMatchObject({ traceId: run?.traceId, parentSpanId: step?.spanId })

  const asked = await fetch(`${stage.server}/metrics`, {
    headers: { authorization: `Bearer ${stage.token}` },
  })
  const metrics = await asked.text()
  expect(metrics).toMatch(/^plimsoll_traces_spans_total [1-9]/m)
  expect(metrics).toContain('plimsoll_traces_failing 0\n')
}, 120_000)
