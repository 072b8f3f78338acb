import { z } from 'zod'
import {
  type Digest,
  type Evidence,
  formatDuration,
  type Gate,
  type GateQuestion,
  inconclusive,
  instanceSizeSchema,
  limitsSchema,
  pass,
  shortDigest,
  type Verdict,
} from '../kernel/index.ts'
import { type Around, aroundOf } from './plan/dates.ts'
import {
  absoluteLineKind,
  crossesAhead,
  type Headroom,
  type HighestAhead,
  headroomOf,
  type Load,
  measuredFor,
  reasonsOf,
  standingOf,
} from './plan/headroom/index.ts'

const dayMs = 86_400_000

/** How much of its load line an environment must keep; times in milliseconds. */
export type HeadroomPolicy = {
  /** With less than this share of the load line left in the busiest hour, nothing new comes. */
  readonly below: number
  readonly allow: 'fixes' | 'nothing'
  /** Of so much of the last 28 days something must be known. */
  readonly history: number
  /** So far ahead the load line must not be crossed, with 80 %. */
  readonly ahead?: number | undefined
  /** What is known of the load counts for so long. */
  readonly expires: number
}

/** Kind of evidence: how busy an environment was, when a release asked to come there. */
export const busiestHourKind = 'busiestHour'

/** As `HighestAhead` says. */
const comes = z.union([
  z.object({ days: z.number(), highest: z.array(z.number()).min(2), factor: z.number(), why: z.string() }),
  z.object({ days: z.number(), because: z.string() }),
])

const busy = z.object({
  load: z.object({
    known: z.number(),
    sought: z.number(),
    busiest: z.object({ from: z.number(), ratePerSecond: z.number() }).optional(),
  }),
  /** That there will be with the release. */
  instances: z.number(),
  measuredIn: z.array(z.string()),
  scales: z.record(z.string(), z.string()),
  scalesBySize: z.record(z.string(), z.string()).optional(),
  /** Of what size they will be; absent when nobody knew it. */
  size: z
    .object({ limits: limitsSchema, exactly: instanceSizeSchema.optional(), isGiven: z.boolean().optional() })
    .optional(),
  /** What is to come, where the gate looks ahead. */
  ahead: comes.optional(),
  /** The environment in which a load test of the release was asked for. */
  orderedIn: z.string().optional(),
  /** Whose hours are told; those of UTC when nothing is said. */
  timeZone: z.string().optional(),
})

/** Its body; `nothing`: nobody has asked anything of it yet. */
export const busiestHourBody = z.union([z.object({ nothing: z.string() }), busy])
export type BusiestHourBody = z.output<typeof busiestHourBody>

const loadOf = ({ known, sought, busiest }: z.output<typeof busy>['load']): Load => ({
  known,
  sought,
  ...(busiest ? { busiest } : {}),
})

function judgeLoad(
  { below, history, allow, ahead: aheadMs }: HeadroomPolicy,
  { environment, release, live, fix }: GateQuestion,
  known: Evidence,
  evidence: readonly Evidence[],
  now: number,
): Verdict {
  const body = busiestHourBody.safeParse(known.body)
  if (!body.success) return inconclusive('what is known of its load cannot be read')
  if ('nothing' in body.data) return pass(known.id)
  if (fix !== undefined && allow === 'fixes') return pass(known.id)
  const { load, orderedIn: _, ahead, timeZone = 'Etc/UTC', ...rest } = body.data
  const headroom = headroomOf({
    ...rest,
    environment,
    release: shortDigest(release),
    isLive: release === live,
    load: loadOf(load),
    measured: measuredFor(environment, evidence, now),
    historyMs: history,
  })
  const seen = [known.id, ...(headroom.line?.seen ?? []).map((one) => one.evidence)] as const
  return together(
    judgePast(headroom, below, seen, aroundOf({ timeZone }, now)),
    judgeAhead(headroom, aheadMs, ahead, seen),
  )
}

type Seen = readonly [Digest, ...Digest[]]

function judgePast(headroom: Headroom, below: number, seen: Seen, around: Around): Verdict {
  const standing = standingOf(headroom, below)
  if (standing === 'enough') return pass(...seen)
  return { is: standing === 'short' ? 'fail' : 'inconclusive', reasons: reasonsOf(headroom, below, around) }
}

/** Undefined: nobody looks ahead, or the past says already that there is nothing to look with. */
function judgeAhead(
  { line }: Headroom,
  aheadMs: number | undefined,
  ahead: HighestAhead | undefined,
  seen: Seen,
): Verdict | undefined {
  if (aheadMs === undefined || !line) return undefined
  const wanted = aheadMs / dayMs
  if (ahead?.days !== wanted)
    return inconclusive(`what comes in the next ${wanted} days was not looked at: ask the gate again`)
  const crosses = crossesAhead(line, ahead)
  return crosses ? { is: crosses.isSure ? 'fail' : 'inconclusive', reasons: [crosses.reason] } : pass(...seen)
}

/** Both must hold; why they do not is said of both. */
function together(past: Verdict, ahead: Verdict | undefined): Verdict {
  if (!ahead || ahead.is === 'pass') return past
  if (past.is === 'pass') return ahead
  const is = past.is === 'fail' || ahead.is === 'fail' ? 'fail' : 'inconclusive'
  return { is, reasons: [...past.reasons, ...ahead.reasons] }
}

/**
 * Holds while the busiest hour of the environment leaves enough of the load line of the release that is to come, as that was
 * measured in an environment in step; and, when it looks ahead, while that line is likely to be kept so long. It judges by the newest evidence of the load, and by all load lines of the release.
 */
export const headroomGate: Gate<HeadroomPolicy> = {
  name: 'headroom',
  needs: [busiestHourKind, absoluteLineKind],
  judge(settings, question, evidence, now) {
    const [newest] = evidence.filter(({ kind }) => kind === busiestHourKind).toSorted((a, b) => b.at - a.at)
    if (!newest) return inconclusive('nothing is known of its load')
    if (now - newest.at > settings.expires)
      return inconclusive(
        `what is known of its load is ${formatDuration(now - newest.at)} old, and counts for ${formatDuration(settings.expires)}`,
      )
    return judgeLoad(settings, question, newest, evidence, now)
  },
}
