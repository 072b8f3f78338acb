import { z } from 'zod'
import { durationSchema as duration, nameSchema } from '../kernel/index.ts'
import { readMatchers } from '../series/index.ts'
import { periodsMs } from './plan/slo/windows.ts'

const expected = 'expected a ratio below 1, such as 0.999'

/** 99.9 → 0.999: people think of objectives in per cent. */
const fromPercent = (value: number): string | undefined =>
  value > 1 && value < 100 ? String(Number((value / 100).toPrecision(12))) : undefined

/** The share of good events that is promised, above 0 and below 1. */
const ratio = z.number({ error: expected }).superRefine((value, context) => {
  if (value > 0 && value < 1) return
  context.addIssue({ code: 'custom', message: expected, params: { didYouMean: fromPercent(value) } })
})

const aPeriod = 'expected 7d, 28d or 30d'
const dayMs = 86_400_000

/** A whole number of weeks has as many weekends wherever it begins; so 28 days are the default. */
const period = duration.refine((value) => (periodsMs as readonly number[]).includes(value), {
  error: aPeriod,
})

const share = (what: string) => z.number({ error: what }).min(0, what).max(1, what)

/** What keeps an alert from firing for a handful of requests. */
const lowTrafficConfig = z
  .object({
    /** Fewer bad events than these in the long window alert nobody. */
    bad: z.number().int().min(1).default(5),
    /** So unlikely it must be that as many events are bad by chance when the burn is just what is allowed. */
    chance: z
      .number()
      .gt(0, 'expected a chance above 0, up to 1')
      .max(1, 'expected a chance above 0, up to 1')
      .default(0.01),
    /** Of so much of the long window something must be known. */
    coverage: share('expected a share of the window from 0 to 1').default(0.5),
  })
  .strict()

const common = (name: string) => ({
  /** What it is called in alerts, rules and on the page. */
  name: nameSchema.default(name),
  objective: ratio,
  window: period.default(28 * dayMs),
  /** Where it is promised; where no other environment follows when not given. */
  environments: z.array(nameSchema).min(1).optional(),
  lowTraffic: lowTrafficConfig.prefault({}),
})

/** Share of requests that were answered without a server error, and were not lost. */
const availabilitySlo = z.object({ kind: z.literal('availability'), ...common('availability') }).strict()

/** No answer comes in no time: such a promise could only be broken. */
const below = duration.refine((ms) => ms > 0, "expected longer than nothing, such as '250ms'")

/** Share of requests that were answered faster than `below`. */
const latencySlo = z.object({ kind: z.literal('latency'), ...common('latency'), below }).strict()

const aMetric = 'expected a counter, such as \'payments_total{outcome="declined"}\''
const metric = z
  .string({ error: aMetric })
  .refine((text) => readMatchers(text) !== undefined, { error: aMetric })

const oneOfTwo = 'expected either bad or good'

/** Share of what counters of the team's own count. */
const ratioSlo = z
  .object({
    kind: z.literal('ratio'),
    ...common('ratio'),
    /** Counts what is bad; instead of `good`. */
    bad: metric.optional(),
    good: metric.optional(),
    /** Counts all of which those are some. */
    total: metric,
  })
  .strict()
  .refine(({ bad, good }) => (bad === undefined) !== (good === undefined), { error: oneOfTwo, path: ['bad'] })

const anExpression =
  "expected PromQL that counts over $window, such as 'sum(increase(payments_total[$window]))'"
const expression = z
  .string({ error: anExpression })
  .refine((text) => text.includes('[$window]'), { error: anExpression })

/** Share of what two expressions count, where Prometheus has the series. */
const promqlSlo = z
  .object({ kind: z.literal('promql'), ...common('promql'), bad: expression, total: expression })
  .strict()

/** Share of the times that a probe was content. */
const probeSlo = z.object({ kind: z.literal('probe'), ...common('probe'), probe: nameSchema }).strict()

const anSlo =
  'expected slo.availability({ … }), slo.latency({ … }), slo.ratio({ … }), slo.probe({ … }) or slo.promql({ … })'

/** One promise. */
const sloConfig = z.discriminatedUnion('kind', [availabilitySlo, latencySlo, ratioSlo, probeSlo, promqlSlo], {
  error: anSlo,
})

/** What a service promises. That names differ is checked across all of them. */
export const slosConfig = z.array(sloConfig)

export type SloConfig = z.output<typeof sloConfig>
