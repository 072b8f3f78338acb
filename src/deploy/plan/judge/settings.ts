import { z } from 'zod'

const chance = z.number().gt(0).lt(1)
const weight = z.number().positive()
const durationMs = z.number().nonnegative()
const edgeMs = z.number().nonnegative()

/** A latency of the live version before the canary: "slower" is over `liveMs` there, over `canaryMs` here. */
const latencyEdge = z
  .object({
    /** `p99` */
    name: z.string().min(1),
    liveMs: edgeMs,
    /** What the canary may take for it: a little more is no harm. */
    canaryMs: edgeMs,
  })
  .strict()

/**
 * By what a canary is judged. Weights say how the chance of a false alarm is shared out: only their ratios count.
 * A metric that is left out is not judged.
 */
export const judgeSettings = z
  .object({
    /** Chance of rolling back a release that is as good as the live one, over all metrics and however long. */
    alpha: chance.default(0.001),
    /** Chance of calling proven what is not, when promotion waits for proof. */
    beta: chance.default(0.05),
    /** Proof shows that the canary fails less than so many times as often as the live version. */
    toleratedRatio: z.number().gt(1).max(256).default(2),
    metrics: z
      .object({
        errors: z.object({ weight }).strict().optional(),
        latency: z
          .object({ weight, edges: z.array(latencyEdge).min(1).max(16) })
          .strict()
          .optional(),
        own: z
          .record(
            z.string().min(1),
            z
              .object({
                weight,
                /** Either side has counted so many before anything passes. */
                atLeast: z.int().min(0).default(0),
              })
              .strict(),
          )
          .default({}),
      })
      .strict()
      .default({ errors: { weight: 3 }, own: {} }),
    promote: z
      .object({
        when: z.enum(['baked', 'proven']),
        /** So long the canary has been watched while the service was well; 0 with `proven`: no longer than proof takes. */
        bakeMs: durationMs,
      })
      .strict()
      .default({ when: 'baked', bakeMs: 600_000 }),
    /** Fewer requests on either side let nothing pass. 299 without a failure show less than 1 % at 95 %. */
    minRequests: z.int().min(1).default(300),
    /** Latency and own counters of the first moments count for nothing; errors count from the first request. */
    warmUpMs: durationMs.default(30_000),
    /** After so long without a verdict it is inconclusive. */
    deadlineMs: z.number().positive().default(3_600_000),
    split: z
      .object({
        /** Chance of calling a split wrong that is as it was asked for. */
        alpha: chance.default(0.001),
        /** The share may be so many times more, or less, than asked for. */
        tolerance: z.number().gt(1).max(4).default(1.2),
      })
      .strict()
      .default({ alpha: 0.001, tolerance: 1.2 }),
    /** From this share of failures on both sides something that both need is thought to be down. */
    bothFailFrom: chance.default(0.2),
  })
  .strict()
  .refine(({ metrics: { errors, latency, own } }) => errors ?? latency ?? Object.keys(own).length > 0, {
    path: ['metrics'],
    error: 'expected at least one metric',
  })
  .refine(({ promote, metrics }) => promote.when === 'baked' || metrics.errors, {
    path: ['promote', 'when'],
    error: "expected 'baked' when failures are not judged: proof is about them",
  })

export type JudgeSettings = z.output<typeof judgeSettings>
export type JudgeSettingsInput = z.input<typeof judgeSettings>
export type LatencyEdge = z.output<typeof latencyEdge>
