import { type Instant, spanIdOf, traceIdOf } from '../../../kernel/index.ts'

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Part of a trace: something that took its time. Times in milliseconds since 1970. */
export type Span = {
  readonly id: string
  /** Of the span that it is a part of; the whole has none. */
  readonly parent?: string
  readonly name: string
  /** `server`: somebody asked for it from outside. */
  readonly kind: 'server' | 'internal'
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly attributes: Attributes
  /** It did not end well: why. */
  readonly error?: string
  /** Spans of other traces that it follows from. */
  readonly links?: readonly SpanRef[]
}

export type SpanRef = { readonly trace: string; readonly span: string }

/** All of one run, or of one deployment; the whole first. */
export type Trace = { readonly id: string; readonly spans: readonly Span[] }

/**
 * Ids of a trace and its spans, from what never changes of what it is about: whoever tells of it, and however often, makes
 * the same trace.
 * @param text names it among those of all Plimsolls
 */
export const idsOf = (text: string) => ({
  trace: traceIdOf(text),
  /** Of the whole without a name. */
  span: (name = ''): string => spanIdOf(`${text}#${name}`),
})

/** Texts are for people: a megabyte is not. */
const longestText = 500

export const shortened = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}…`

/** How something ended, in OpenTelemetry's words for pipelines. */
export type Result = 'success' | 'failure' | 'error' | 'cancellation' | 'skip'

/** What did not end well, and why: error and its class. What was cancelled is no error. */
export function failureOf(
  result: Result,
  because: string | undefined,
  type: string,
): { readonly error?: string; readonly type?: string } {
  if (result !== 'failure' && result !== 'error') return {}
  return { error: shortened(because ?? type), type }
}
