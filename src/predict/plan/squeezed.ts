import { z } from 'zod'
import { type Evidence, instanceSizeSchema, sameSize } from '../../kernel/index.ts'
import type { Measured, MeasuredLine } from './headroom/lines.ts'

/** Kind of evidence: the highest rate that one instance of a release carried, beside others and under real load. */
export const squeezedLineKind = 'squeezedLoadLine'

const rate = z.number().nonnegative()

const squeezed = z.object({
  place: z.object({
    instances: z.literal(1),
    instance: z.number().int().nonnegative().default(0),
    size: z.object({ applied: instanceSizeSchema.optional() }).optional().catch(undefined),
  }),
  result: z.object({
    verdict: z.enum(['found', 'atLeast', 'below']),
    ratePerSecond: rate,
    interval: z.object({ low: rate, high: rate }).nullable(),
  }),
})

/** What one instance of an environment carried when it was squeezed, in figures and in words. */
export type Squeezed = { readonly line: MeasuredLine; readonly text: string }

type Result = z.output<typeof squeezed>['result']

function ratesOf({ verdict, ratePerSecond: at, interval }: Result) {
  if (verdict === 'below') return { low: 0, at, high: at }
  return { low: interval?.low ?? at, at, high: interval?.high ?? Number.POSITIVE_INFINITY }
}

const figure = (perSecond: number): string =>
  `${perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(3))}/s`

function textOf({ verdict, ratePerSecond, interval }: Result): string {
  if (verdict === 'below') return `less than ${figure(ratePerSecond)}`
  return interval
    ? `${figure(interval.low)}, and less than ${figure(interval.high)}`
    : `${figure(ratePerSecond)} or more`
}

type Known = {
  readonly at: number
  readonly instance: number
  readonly result: Result
  readonly line: MeasuredLine
}

function knownFrom(one: Evidence, environment: string): Known[] {
  const body = squeezed.safeParse(one.body)
  if (!body.success || one.about.environment?.split('.').at(-1) !== environment) return []
  const { result, place } = body.data
  const size = place.size?.applied
  const line = {
    ...ratesOf(result),
    ...{ instances: 1, environment, measuredAt: one.at, evidence: one.id },
    ...(size ? { size } : {}),
  }
  return [{ at: one.at, instance: place.instance, result, line }]
}

const foundEnd = ({ result }: Known): boolean => result.verdict !== 'atLeast'

/**
 * What one instance carries: the newest that found the end. One that came to no end, as somebody stopped it, takes nothing back
 * of what was known: it counts where it shows more than that.
 */
function ofInstance(newestFirst: readonly Known[]): Known[] {
  const end = newestFirst.find(foundEnd)
  const [most] = newestFirst
    .filter((one) => !foundEnd(one) && one.at >= (end?.at ?? 0))
    .toSorted((a, b) => b.result.ratePerSecond - a.result.ratePerSecond)
  const isMore = most && most.result.ratePerSecond > (end?.line.high ?? 0)
  const known = isMore ? most : end
  return known ? [known] : []
}

const isAlike = (a: MeasuredLine, b: MeasuredLine): boolean =>
  a.size && b.size ? sameSize(a.size, b.size) : a.size === b.size

/**
 * What squeezes of a release in an environment say: requests are split evenly, so that the instance that carries least decides,
 * of those of the size that was squeezed last. Where of any the end was found, those of which it was not say nothing lower.
 * @param evidence about the release
 */
export function squeezedIn(environment: string, evidence: readonly Evidence[]): Squeezed | undefined {
  const newestFirst = evidence
    .filter(({ kind }) => kind === squeezedLineKind)
    .flatMap((one) => knownFrom(one, environment))
    .toSorted((a, b) => b.at - a.at)
  const [newest] = newestFirst
  const alike = newestFirst.filter(({ line }) => newest && isAlike(line, newest.line))
  const each = [...Map.groupBy(alike, ({ instance }) => instance).values()].flatMap(ofInstance)
  const ended = each.filter(foundEnd)
  const [lowest] = (ended.length > 0 ? ended : each).toSorted((a, b) => a.line.at - b.line.at)
  if (!lowest) return undefined
  const { instance, result, line } = lowest
  const of = each.length > 1 ? `, the lowest of ${each.length} that were squeezed,` : ''
  return { line, text: `squeezed in ${environment}, instance ${instance}${of} carried ${textOf(result)}` }
}

/**
 * What is measured, with what a squeeze found where nothing else is known: lines of different places are never mixed. Of more
 * than one instance it says something only where the team says why (`scales`).
 */
export const orSqueezed = (
  measured: Measured,
  squeezed: Squeezed | undefined,
  scales: string | undefined,
): Measured =>
  measured.lines.length > 0 || !squeezed || scales === undefined
    ? measured
    : { ...measured, lines: [squeezed.line] }
