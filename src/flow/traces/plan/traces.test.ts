import { expect, it } from 'vitest'
import { attributesOf, looseEnds, type SpanSeen, spansIn } from '../../../../test/support/otlp.ts'
import type { DeploymentState } from '../../../deploy/index.ts'
import type { RunState } from '../../../pipeline/index.ts'
import { traceOfDeployment } from './deployment-trace.ts'
import { otlpRequest } from './otlp.ts'
import { runIds, traceOfRun } from './run-trace.ts'

const step = (title: string) => ({ title, run: title, env: {}, timeoutMs: 1_000, retries: 1 })
const job = (name: string, needs: string[], steps: string[]) => ({
  ...{ name, needs, steps: steps.map(step), timeoutMs: 1_000, outputs: [], secrets: [] },
})

/** What a run leaves behind, as far as a trace tells of it. */
const run = {
  id: 'payments.7',
  service: 'payments',
  change: {
    id: 'c0ffee',
    short: 'c0ffee',
    branch: 'main',
    tree: 't',
    commit: 'c0ffee',
    subject: 'Refunds',
    author: 'Ada',
    at: 0,
    repository: 'r',
  },
  actor: 'ada',
  secretsAllowed: true,
  phase: 'ended',
  plan: {
    jobs: [
      job('build', [], ['npm ci']),
      job('test', ['build'], ['npm test']),
      job('deploy', ['test'], ['x']),
    ],
    release: { include: [], exclude: [] },
  },
  jobs: {
    build: {
      stage: 'ended',
      standing: 'passed',
      startedAt: 1_010,
      endedAt: 1_500,
      fromCache: true,
      steps: [],
    },
    test: {
      stage: 'ended',
      standing: 'failed',
      startedAt: 1_500,
      endedAt: 2_400,
      because: 'npm test exited with 1',
      tests: { total: 3, passed: 1, failed: 2, skipped: 0 },
      steps: [
        {
          tries: [
            {
              key: 'run/payments.7/test/0/1',
              standing: 'failed',
              startedAt: 1_600.5,
              endedAt: 1_900,
              deadline: 9,
              exit: 1,
              because: 'exited with 1',
            },
            {
              key: 'run/payments.7/test/0/2',
              standing: 'failed',
              startedAt: 1_900,
              endedAt: 2_300,
              deadline: 9,
              exit: 1,
              because: 'exited with 1',
            },
          ],
        },
      ],
    },
    deploy: { stage: 'waiting', standing: 'skipped', steps: [] },
  },
  verdict: { is: 'fail', reasons: [{ text: 'test: npm test exited with 1' }] },
  startedAt: 1_000,
  endedAt: 2_500,
} as unknown as RunState

function seen(trace: Parameters<typeof otlpRequest>[0]): readonly SpanSeen[] {
  const spans = spansIn(otlpRequest(trace, { 'service.name': 'plimsoll' }, '1'))
  expect(looseEnds(spans)).toEqual([])
  return spans
}
const outline = (spans: readonly SpanSeen[]) => {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]))
  return spans.map(({ name, parentSpanId = '', startTimeUnixNano, endTimeUnixNano, status }) => [
    name,
    names.get(parentSpanId),
    [startTimeUnixNano, endTimeUnixNano],
    status.message,
  ])
}

it('tells of a run with its jobs, and of each try of each step', () => {
  const spans = seen(traceOfRun(run))
  expect(outline(spans)).toEqual([
    ['BUILD payments', undefined, ['1000000000', '2500000000'], 'test: npm test exited with 1'],
    ['build', 'BUILD payments', ['1010000000', '1500000000'], undefined],
    ['test', 'BUILD payments', ['1500000000', '2400000000'], 'npm test exited with 1'],
    ['npm test', 'test', ['1600500000', '1900000000'], 'exited with 1'],
    ['npm test', 'test', ['1900000000', '2300000000'], 'exited with 1'],
  ])
  const [whole, build, , first, second] = spans.map(attributesOf)
  expect(whole).toEqual({
    'cicd.pipeline.name': 'payments',
    'cicd.pipeline.action.name': 'BUILD',
    'cicd.pipeline.run.id': 'payments.7',
    'cicd.pipeline.result': 'failure',
    'error.type': 'failed',
    'vcs.ref.head.name': 'main',
    'vcs.ref.head.revision': 'c0ffee',
    'vcs.ref.head.type': 'branch',
    'plimsoll.service': 'payments',
  })
  expect(build).toMatchObject({ 'cicd.pipeline.task.run.result': 'success', 'plimsoll.from_cache': true })
  expect(first).toMatchObject({ 'error.type': 'exit_1', 'process.exit.code': '1', 'plimsoll.try': '1' })
  expect(second).toMatchObject({ 'cicd.pipeline.task.run.id': 'run/payments.7/test/0/2' })
})

it('names the same run the same, and that of another Plimsoll otherwise', () => {
  expect(traceOfRun(run)).toEqual(traceOfRun(JSON.parse(JSON.stringify(run)) as RunState))
  expect(runIds({ ...run, startedAt: 1_001 }).trace).not.toBe(runIds(run).trace)
})

it('takes what a person cancelled for no error', () => {
  const cancelled = {
    ...run,
    cancel: { by: 'ada', at: 2_000 },
    verdict: { is: 'inconclusive', reasons: [{ text: 'x' }] },
  }
  const [whole] = seen(traceOfRun(cancelled as RunState))
  expect(whole && attributesOf(whole)['cicd.pipeline.result']).toBe('cancellation')
  expect(whole?.status).toEqual({})
})

it('tells of a deployment: how long it waited, its stages, the way back, and the run behind it', () => {
  const deployment = {
    id: 'payments.production.3',
    number: 3,
    service: 'payments',
    environment: 'production',
    kind: 'promote',
    release: 'sha256:new',
    from: { release: 'sha256:old' },
    settings: { strategy: { is: 'canary' } },
    standing: 'failed',
    gates: [{ name: 'loadLine', verdict: { is: 'pass' } }],
    reasons: [{ text: 'fails 5 % of the requests' }],
    rail: [
      { title: 'start the canary', startedAt: 5_000, endedAt: 6_000 },
      { title: '5 % to the canary', startedAt: 6_000, endedAt: 7_000, turnedAs: 'failed' },
      { title: 'all requests to the old instances', startedAt: 7_000, endedAt: 8_000 },
    ],
    requestedAt: 1_000,
    endedAt: 8_100,
  } as unknown as DeploymentState
  const link = { trace: runIds(run).trace, span: runIds(run).span() }
  const spans = seen(traceOfDeployment(deployment, link))
  const whole = 'promote payments to production'
  const failed = 'fails 5 % of the requests'
  expect(outline(spans)).toEqual([
    [whole, undefined, ['1000000000', '8100000000'], failed],
    ['wait for the environment and the gates', whole, ['1000000000', '5000000000'], undefined],
    ['start the canary', whole, ['5000000000', '6000000000'], undefined],
    ['5 % to the canary', whole, ['6000000000', '7000000000'], failed],
    ['all requests to the old instances', whole, ['7000000000', '8000000000'], undefined],
  ])
  expect(spans[0]?.links).toEqual([{ traceId: link.trace, spanId: link.span, flags: 1 }])
  expect(spans[0] && attributesOf(spans[0])).toMatchObject({
    'deployment.id': 'payments.production.3',
    'deployment.status': 'failed',
    'deployment.environment.name': 'production',
    'error.type': 'failed',
    'plimsoll.from_release': 'sha256:old',
  })
  expect(spans[1] && attributesOf(spans[1])['plimsoll.gates']).toEqual({
    values: [{ stringValue: 'loadLine=pass' }],
  })
})
