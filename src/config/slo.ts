import { z } from 'zod'
import { durationSchema as duration } from '../kernel/index.ts'

const expected = 'expected a ratio below 1, such as 0.999'

/** 99.9 → 0.999: people think of objectives in per cent. */
const fromPercent = (value: number): string | undefined =>
  value > 1 && value < 100 ? String(Number((value / 100).toPrecision(12))) : undefined

/** The share of good events that is promised, above 0 and below 1. */
const ratio = z.number({ error: expected }).superRefine((value, context) => {
  if (value > 0 && value < 1) return
  context.addIssue({ code: 'custom', message: expected, params: { didYouMean: fromPercent(value) } })
})

const monthMs = 28 * 86_400_000
const common = { objective: ratio, window: duration.default(monthMs) }

/** Share of requests that were answered without a server error. */
export const availabilitySlo = z.object({ kind: z.literal('availability'), ...common }).strict()

/** Share of requests that were answered faster than `below`. */
export const latencySlo = z.object({ kind: z.literal('latency'), ...common, below: duration }).strict()

/** What the service promises. Checked and kept with each release; nothing judges by it yet. */
export const sloConfig = z.discriminatedUnion('kind', [availabilitySlo, latencySlo], {
  error: 'expected slo.availability({ … }) or slo.latency({ … })',
})

export type SloConfig = z.output<typeof sloConfig>
