import { z } from 'zod'
import { type Instant, PlimsollError } from '../../kernel/index.ts'
import { type Labels, nameLabel, type Points, withoutName } from '../series.ts'
import type { Answer } from '../store.ts'

/** Where a Prometheus is, and what it wants to be told. */
export type Place = {
  /** With its path, if it has one: `http://127.0.0.1:9090`. */
  readonly url: string
  /** For a proxy in front of it. */
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** Sends it another way: with certificates of its own, say. What it throws is why there is no answer. */
  readonly send?: (
    url: string,
    body: URLSearchParams | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly text: string }>
}

const labels = z.record(z.string(), z.string())
const point = z.tuple([z.number(), z.string()])
const result = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(point) })),
  }),
  z.object({ resultType: z.literal('scalar'), result: point }),
])
const answerShape = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: result }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
])
type Result = z.infer<typeof result>

/** Numbers are texts there: `NaN`, `+Inf`. */
function numberIn(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

const instantIn = (seconds: number): Instant => Math.round(seconds * 1_000)
const secondsText = (at: Instant): string => (at / 1_000).toFixed(3)

const unreachable = (url: string, because: string, cause?: unknown): PlimsollError =>
  new PlimsollError('PLM_SERIES_UNREACHABLE', `${url}: ${because}`, { cause })

/** @throws PLM_SERIES_UNREACHABLE when there is no answer */
export async function post(
  { url, headers, timeoutMs = 30_000, send }: Place,
  path: string,
  body: URLSearchParams | Uint8Array<ArrayBuffer>,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const whole = `${url.replace(/\/$/, '')}${path}`
    if (send) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return await send(whole, body, { ...type, ...headers, ...more })
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(whole, {
      method: 'POST',
      headers: { ...headers, ...more },
      body,
      signal,
    })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    const { cause, message } = error as Error
    throw unreachable(url, cause instanceof Error ? cause.message : message, error)
  }
}

/** @throws PLM_QUERY_INVALID when it refuses the query, PLM_SERIES_UNREACHABLE when it does not answer as one does */
async function ask(place: Place, path: string, parameters: Record<string, string>): Promise<Result> {
  const { status, text } = await post(place, path, new URLSearchParams(parameters))
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    throw unreachable(place.url, `answered ${status}: ${text.slice(0, 200)}`)
  }
  const read = answerShape.safeParse(said)
  if (!read.success) throw unreachable(place.url, `answered ${status} with what is no answer of a Prometheus`)
  if (read.data.status === 'success') return read.data.data
  const { errorType, error } = read.data
  const isQuery = ['bad_data', 'execution', '422', '400'].includes(errorType)
  throw isQuery ? new PlimsollError('PLM_QUERY_INVALID', error) : unreachable(place.url, error)
}

function pointsOf(metric: Labels, values: readonly (readonly [number, string])[]): Points {
  return {
    name: metric[nameLabel] ?? '',
    labels: withoutName(metric),
    times: Float64Array.from(values, ([at]) => instantIn(at)),
    values: Float64Array.from(values, ([, text]) => numberIn(text)),
  }
}

const wrong = ({ url }: Place, { resultType }: Result) =>
  unreachable(url, `answered with a ${resultType}, which was not asked for`)

/** What an expression is at a moment. */
export async function askInstant(place: Place, promql: string, at: Instant): Promise<Answer[]> {
  const said = await ask(place, '/api/v1/query', { query: promql, time: secondsText(at), nocache: '1' })
  if (said.resultType === 'scalar') return [{ labels: {}, value: numberIn(said.result[1]) }]
  if (said.resultType !== 'vector') throw wrong(place, said)
  return said.result.map(({ metric, value }) => ({ labels: metric, value: numberIn(value[1]) }))
}

/** The samples of a selector with its range. */
export async function askSamples(place: Place, promql: string, at: Instant): Promise<Points[]> {
  const said = await ask(place, '/api/v1/query', { query: promql, time: secondsText(at), nocache: '1' })
  if (said.resultType !== 'matrix') throw wrong(place, said)
  return said.result.map(({ metric, values }) => pointsOf(metric, values))
}

/** What an expression is at each step. */
export async function askRange(
  place: Place,
  promql: string,
  from: Instant,
  to: Instant,
  stepMs: number,
): Promise<Points[]> {
  const said = await ask(place, '/api/v1/query_range', {
    query: promql,
    start: secondsText(from),
    end: secondsText(to),
    step: secondsText(stepMs),
    // VictoriaMetrics moves the steps to where its cache has them, but for this.
    nocache: '1',
  })
  if (said.resultType !== 'matrix') throw wrong(place, said)
  return said.result.map(({ metric, values }) => pointsOf(metric, values))
}
