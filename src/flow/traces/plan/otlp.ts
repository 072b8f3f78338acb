import type { Instant, Json } from '../../../kernel/index.ts'
import type { Attributes, Span, Trace } from './span.ts'

/** In milliseconds since 1970, with a fraction perhaps; whole nanoseconds as text, since no number of JSON holds them. */
const nanoseconds = (at: Instant): string => String(BigInt(Math.round(at * 1_000)) * 1_000n)

function jsonOf(value: NonNullable<Attributes[string]>): Json {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } }
}

const listed = (attributes: Attributes): Json =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: jsonOf(value) }],
  )

const kinds = { internal: 1, server: 2 } as const
/** Of W3C's flags: it is kept. */
const sampled = 1
const failed = 2

const spanJson = (trace: string, span: Span): Json => ({
  traceId: trace,
  spanId: span.id,
  ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
  flags: sampled,
  name: span.name,
  kind: kinds[span.kind],
  startTimeUnixNano: nanoseconds(span.startedAt),
  endTimeUnixNano: nanoseconds(span.endedAt),
  attributes: listed(span.attributes),
  links: (span.links ?? []).map((link) => ({ traceId: link.trace, spanId: link.span, flags: sampled })),
  status: span.error === undefined ? {} : { code: failed, message: span.error },
})

/**
 * A trace as OTLP/HTTP has it in JSON: an ExportTraceServiceRequest.
 * @param resource what tells of itself: Plimsoll, unless the team calls it otherwise
 */
export const otlpRequest = ({ id, spans }: Trace, resource: Attributes, version: string): Json => ({
  resourceSpans: [
    {
      resource: { attributes: listed(resource) },
      scopeSpans: [{ scope: { name: 'plimsoll', version }, spans: spans.map((span) => spanJson(id, span)) }],
    },
  ],
})
