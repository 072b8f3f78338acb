import { z } from 'zod'
import {
  type Evidence,
  formatDuration,
  type InstanceSize,
  type InstanceUse,
  type Instant,
  instanceSizeSchema,
  instanceUseSchema,
  type Json,
  sameSize,
} from '../../../kernel/index.ts'

/** Kind of evidence: the highest rate that a release carried in an environment, alone. */
export const absoluteLineKind = 'absoluteLoadLine'

const rate = z.number().nonnegative()

/** What of its body says what a whole environment carries. */
const absoluteLine = z.object({
  counts: z.boolean(),
  doubts: z.array(z.string()),
  place: z.object({
    inStepWith: z.string().nullable(),
    instances: z.number().int(),
    // What was kept before anybody noted it does not have it, and can be read all the same.
    size: z.object({ applied: instanceSizeSchema.optional() }).optional().catch(undefined),
    used: instanceUseSchema.optional().catch(undefined),
  }),
  result: z.object({
    verdict: z.enum(['found', 'atLeast', 'below', 'inconclusive']),
    reasons: z.array(z.string()).default([]),
    ratePerSecond: rate.nullable(),
    interval: z.object({ low: rate, high: rate }).nullable(),
  }),
})

/** Requests a second that are carried, with what they may be at least and at most; Infinity: nobody has found the end. */
export type Rates = { readonly low: number; readonly at: number; readonly high: number }

/** A load line that counts for the environment that was followed, of so many instances. */
export type MeasuredLine = Rates & {
  readonly instances: number
  /** What each of them could use; absent: not known. */
  readonly size?: InstanceSize
  /** How near its limits one came. */
  readonly used?: InstanceUse
  readonly environment: string
  readonly measuredAt: Instant
  readonly evidence: Evidence['id']
}

type Result = z.output<typeof absoluteLine>['result']

function ratesOf({ verdict, ratePerSecond: at, interval }: Result): Rates | undefined {
  if (at === null) return undefined
  switch (verdict) {
    case 'found':
      return { low: interval?.low ?? at, at, high: interval?.high ?? at }
    case 'atLeast':
      return { low: at, at, high: Number.POSITIVE_INFINITY }
    case 'below':
      return { low: 0, at, high: at }
    case 'inconclusive':
      return undefined
  }
}

/** A load line that does not count any more, and why; the same when there is no reason. */
export function doubted(evidence: Evidence, doubts: readonly string[]): Evidence {
  const body = absoluteLine.safeParse(evidence.body)
  if (doubts.length === 0 || !body.success) return evidence
  const { doubts: before } = body.data
  const changed = { ...(evidence.body as object), counts: false, doubts: [...before, ...doubts] }
  return { ...evidence, body: changed as unknown as Json }
}

/** What was measured of a release, as far as it counts, and why the newest of the rest does not. */
export type Measured = { readonly lines: readonly MeasuredLine[]; readonly because?: string }

function whyNot({ counts, doubts, result }: z.output<typeof absoluteLine>): string {
  if (!counts) return `does not count: ${doubts.join('; ')}`
  return `was not found: ${result.reasons.join('; ') || 'nobody said why'}`
}

type Place = z.output<typeof absoluteLine>['place']

const measuredOn = ({ instances, used, size }: Place, { at, id }: Evidence, environment: string) => ({
  ...{ instances, environment, measuredAt: at, evidence: id },
  ...(size?.applied ? { size: size.applied } : {}),
  ...(used ? { used } : {}),
})

const isLike = (a: MeasuredLine, b: MeasuredLine): boolean =>
  a.instances === b.instances && (a.size && b.size ? sameSize(a.size, b.size) : a.size === b.size)

function keepNewest(lines: MeasuredLine[], line: MeasuredLine): void {
  if (!lines.some((newer) => isLike(newer, line))) lines.push(line)
}

/**
 * Load lines that count as absolute figures for an environment: measured in step with it and without drift that nobody
 * has declared. Of each number of instances, and each size of theirs, the newest one.
 * @param evidence about one release
 */
export function measuredFor(environment: string, evidence: readonly Evidence[], now: Instant): Measured {
  const lines: MeasuredLine[] = []
  let because: string | undefined
  const newestFirst = evidence.filter(({ kind }) => kind === absoluteLineKind).toSorted((a, b) => b.at - a.at)
  for (const one of newestFirst) {
    const body = absoluteLine.safeParse(one.body)
    if (!body.success) continue
    const { counts, place, result } = body.data
    const rates = counts && place.inStepWith === environment ? ratesOf(result) : undefined
    const where = (one.about.environment ?? '').split('.').at(-1) ?? ''
    if (!rates)
      because ??= `what was measured in ${where} ${formatDuration(now - one.at)} ago ${whyNot(body.data)}`
    else if (place.instances > 0) keepNewest(lines, { ...rates, ...measuredOn(place, one, where) })
  }
  return { lines, ...(because === undefined ? {} : { because }) }
}
