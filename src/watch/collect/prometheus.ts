import { type Instant, PlimsollError } from '../../kernel/index.ts'
import { askInstant, type Place } from '../../series/remote/api.ts'
import type { Access } from '../access/access.ts'
import { placeOf } from '../access/prometheus.ts'
import {
  conventionIn,
  type Expressions,
  expressionsOf,
  type PrometheusFigures,
  type PrometheusQuestions,
  quantiles,
  whichQuery,
} from './plan/prometheus.ts'

/** What a team's Prometheus says of a service; or why nothing is known. */
export type Said =
  | { readonly figures: PrometheusFigures; readonly problems: readonly string[] }
  | { readonly because: string }

async function numberOf(place: Place, promql: string | undefined, at: Instant): Promise<number | undefined> {
  if (promql === undefined) return undefined
  const [first] = await askInstant(place, promql, at)
  return first && Number.isFinite(first.value) ? first.value : undefined
}

async function latencyOf(place: Place, { latency }: Expressions, at: Instant) {
  if (!latency) return []
  const all = await Promise.all(
    quantiles.map(async (quantile) => [quantile, await numberOf(place, latency(quantile), at)] as const),
  )
  return all.flatMap(([quantile, seconds]) => (seconds === undefined ? [] : [[quantile, seconds] as const]))
}

const noStatus = 'none of its series says how requests were answered: what failed is not known'

async function ask(place: Place, questions: PrometheusQuestions, at: Instant): Promise<Said> {
  const needsConvention = questions.rate === undefined
  const there = needsConvention ? await askInstant(place, whichQuery(questions), at) : []
  const convention = conventionIn(there.map(({ labels }) => labels.__name__ ?? ''))
  if (needsConvention && !convention)
    return {
      because: `knows of no requests of {${questions.selector}}: selector or rate says which are meant`,
    }
  const expressions = expressionsOf(questions, convention)
  const rate = await numberOf(place, expressions.rate, at)
  if (rate === undefined) return { because: `knows of no requests in the last five minutes` }
  const failed = await numberOf(place, expressions.errors, at)
  const says = failed !== undefined || (await numberOf(place, expressions.saysStatus, at)) !== undefined
  const isKnown = expressions.errors !== undefined && (says || questions.errors !== undefined)
  return {
    figures: {
      rate,
      errors: isKnown ? (failed ?? 0) : undefined,
      latency: await latencyOf(place, expressions, at),
    },
    problems: isKnown ? [] : [noStatus],
  }
}

/** Asks a team's Prometheus how requests are answered. @param timeoutMs of each question */
export async function askPrometheus(
  url: string,
  questions: PrometheusQuestions,
  access: Access,
  timeoutMs: number,
  at: Instant,
): Promise<Said> {
  try {
    return await ask(placeOf(url, access, timeoutMs), questions, at)
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    // It begins with the address, which whoever shows this says, too.
    const text = error.problems[0]?.text ?? error.message
    return { because: text.startsWith(`${url}: `) ? text.slice(url.length + 2) : text }
  }
}
