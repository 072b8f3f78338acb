import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

/** An ExportTraceServiceRequest as OTLP/HTTP has it in JSON, strictly: what is not in the protocol is not taken. */
const hex = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`))
    .refine((id) => !/^0+$/.test(id), 'only zeros is no id')
const whole = z.string().regex(/^-?\d+$/)
const scalar = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: whole }),
  z.strictObject({ doubleValue: z.number() }),
])
const value = z.union([scalar, z.strictObject({ arrayValue: z.strictObject({ values: z.array(scalar) }) })])
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'an attribute is there twice')
const flags = z.number().int().min(0).max(0xffff_ffff)
const span = z
  .strictObject({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: hex(16).optional(),
    flags,
    name: z.string().min(1),
    kind: z.number().int().min(1).max(5),
    startTimeUnixNano: whole,
    endTimeUnixNano: whole,
    attributes,
    links: z.array(z.strictObject({ traceId: hex(32), spanId: hex(16), flags })),
    status: z.strictObject({ code: z.union([z.literal(1), z.literal(2)]), message: z.string() }).partial(),
  })
  .refine(
    ({ startTimeUnixNano, endTimeUnixNano }) => BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano),
    'it ends before it begins',
  )
const request = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes }),
        scopeSpans: z
          .array(
            z.strictObject({
              scope: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
              spans: z.array(span).min(1),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
})

export type SpanSeen = z.output<typeof span>

/** The spans of a request. @throws when it is none */
export function spansIn(json: unknown): readonly SpanSeen[] {
  return request
    .parse(json)
    .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
}

/** What does not hang together: two different spans with one id, a span below one that is not there. */
export function looseEnds(spans: readonly SpanSeen[]): string[] {
  const ids = new Map(spans.map((one) => [`${one.traceId}/${one.spanId}`, one]))
  return spans.flatMap((one) => {
    const { traceId, spanId, parentSpanId, name } = one
    const isAnother = JSON.stringify(ids.get(`${traceId}/${spanId}`)) !== JSON.stringify(one)
    const isLoose = parentSpanId !== undefined && !ids.has(`${traceId}/${parentSpanId}`)
    return [
      ...(isAnother ? [`${name} has the id of another`] : []),
      ...(isLoose ? [`${name} hangs nowhere`] : []),
    ]
  })
}

/** The attributes of a span, by name. */
export const attributesOf = ({ attributes }: SpanSeen): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

/** A collector of traces on this machine that takes nothing but what the protocol has. */
export async function startCollector(reply: (times: number) => Reply = () => ({ status: 200, body: '{}' })) {
  const requests: { readonly spans: readonly SpanSeen[]; readonly headers: IncomingHttpHeaders }[] = []
  const problems: unknown[] = []
  let times = 0
  const server = createServer((asked, answer) => {
    const parts: Buffer[] = []
    asked.on('data', (part) => parts.push(part))
    asked.on('end', () => {
      try {
        const body = Buffer.concat(parts)
        const text = asked.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
        if (asked.method !== 'POST' || asked.url !== '/v1/traces')
          throw new Error(`${asked.method} ${asked.url}`)
        requests.push({ spans: spansIn(JSON.parse(text.toString('utf8'))), headers: asked.headers })
      } catch (error) {
        problems.push(error)
      }
      const { status, headers = {}, body = '' } = reply(++times)
      answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    problems,
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
