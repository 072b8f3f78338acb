import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startCollector } from '../../../test/support/otlp.ts'
import { createTraces, readTracesSettings } from './traces.ts'

const trace = {
  id: 'ab'.repeat(16),
  spans: [
    {
      id: 'cd'.repeat(8),
      name: 'BUILD a',
      kind: 'server' as const,
      startedAt: 1,
      endedAt: 2,
      attributes: { a: 1.5, b: undefined },
    },
  ],
}

describe("OpenTelemetry's variables", () => {
  const url = 'http://collector:4318'

  it('name no collector, or say that there is none', () => {
    expect(readTracesSettings({})).toBeUndefined()
    expect(
      readTracesSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_EXPORTER: 'none' }),
    ).toBeUndefined()
    expect(
      readTracesSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' }),
    ).toBeUndefined()
  })

  it('are those of traces before those of everything', () => {
    const both = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20s3cret,x-tenant = cards',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=tools,service.name=other',
      OTEL_SERVICE_NAME: 'delivery',
    }
    expect(readTracesSettings(both)).toEqual({
      url: `${url}/v1/traces`,
      headers: { authorization: 'Bearer s3cret', 'x-tenant': 'cards' },
      timeoutMs: 10_000,
      gzip: false,
      resource: { 'service.name': 'delivery', 'deployment.environment.name': 'tools' },
    })
    const own = {
      ...both,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.test/otlp',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }
    expect(readTracesSettings(own)).toMatchObject({
      url: 'https://traces.test/otlp',
      timeoutMs: 2_000,
      gzip: true,
    })
  })

  it('are checked all at once, and no secret is told', () => {
    const wrong = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd',
      OTEL_EXPORTER_OTLP_TIMEOUT: '10s',
      OTEL_EXPORTER_OTLP_HEADERS: 's3cret',
    }
    let problems: readonly { text: string }[] = []
    try {
      readTracesSettings(wrong)
    } catch (error) {
      expect(error).toMatchObject({ code: 'PLM_TRACES_INVALID' })
      problems = (error as { problems: typeof problems }).problems
    }
    expect(problems.map(({ text }) => text.split(' ')[0])).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'OTEL_EXPORTER_OTLP_COMPRESSION',
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_EXPORTER_OTLP_HEADERS:',
    ])
    expect(JSON.stringify(problems)).not.toContain('s3cret')
  })
})

describe('sending a trace', () => {
  let collector: Awaited<ReturnType<typeof startCollector>> | undefined
  afterEach(() => collector?.stop())

  const sendTo = (url: string, more: Record<string, string> = {}, signal = new AbortController().signal) => {
    const settings = readTracesSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...more })
    if (!settings) throw new Error('no settings')
    return createTraces(settings, '1.2.3').send(trace, signal)
  }

  it('is what the protocol has, with headers and compressed', async () => {
    collector = await startCollector()
    const more = {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }
    expect(await sendTo(collector.url, more)).toEqual({ is: 'taken', rejected: 0 })
    expect(collector.problems).toEqual([])
    expect(collector.requests).toMatchObject([
      { spans: [{ traceId: trace.id, kind: 2, attributes: [{ key: 'a', value: { doubleValue: 1.5 } }] }] },
    ])
    expect(collector.requests[0]?.headers.authorization).toBe('Bearer x')
  })

  it.each([
    [
      200,
      { body: '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"x"}}' },
      { is: 'taken', rejected: 1 },
    ],
    [200, { body: 'no JSON' }, { is: 'taken', rejected: 0 }],
    [400, {}, { is: 'refused' }],
    [413, {}, { is: 'refused' }],
    [401, {}, { is: 'later', because: 'the collector of traces answered 401' }],
    [302, { headers: { location: 'http://elsewhere.test/' } }, { is: 'later' }],
    [429, { headers: { 'retry-after': '7' } }, { is: 'later', afterMs: 7_000 }],
    [503, {}, { is: 'later' }],
  ])('says what became of it when the answer is %i', async (status, rest, expected) => {
    collector = await startCollector(() => ({ status, ...rest }))
    expect(await sendTo(collector.url)).toMatchObject(expected)
  })

  it('lets go of one who takes it and says nothing: in time, and at once when everything stops', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const slow = await sendTo(url, { OTEL_EXPORTER_OTLP_TIMEOUT: '50' })
    expect(slow).toEqual({ is: 'later', because: 'the collector of traces did not answer in time' })
    expect(await sendTo(url, {}, AbortSignal.timeout(50))).toMatchObject({ is: 'later' })
    silent.closeAllConnections()
    silent.close()
  })

  it('tells no address', async () => {
    collector = await startCollector()
    const { url } = collector
    await collector.stop()
    collector = undefined
    const sent = await sendTo(`${url}/s3cret`)
    expect(sent).toEqual({ is: 'later', because: 'the collector of traces does not answer (ECONNREFUSED)' })
  })
})
