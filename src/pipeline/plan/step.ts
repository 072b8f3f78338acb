import type { CommandEnd } from '../../host/index.ts'
import {
  type Digest,
  type Effect,
  type Found,
  formatDuration,
  type Instant,
  type Key,
} from '../../kernel/index.ts'
import { jobFolderKey, tryKey } from './keys.ts'
import type { JobPlan, StepPlan } from './plan.ts'
import type { Outcome, RunState, Try } from './state.ts'
import type { StepStart } from './work.ts'

/** From TERM to KILL. */
const stepGraceMs = 10_000
/** An absent command is given up so long after the time by which it should have ended. */
const absenceMs = 60_000

/** What every step can read of its run, beside its own variables. */
const surroundings = (run: RunState, job: JobPlan): Record<string, string> => ({
  CI: 'true',
  PLIMSOLL_SERVICE: run.service,
  PLIMSOLL_RUN: run.id,
  PLIMSOLL_JOB: job.name,
  PLIMSOLL_CHANGE: run.change.id,
  PLIMSOLL_BRANCH: run.change.branch,
})

/** Begins one try of a step; it may take as long as the step, and the job, still have. */
export function startTry(
  run: RunState,
  job: JobPlan,
  at: {
    readonly step: number
    readonly attempt: number
    readonly limitMs: number
    readonly image?: Digest
  },
  now: Instant,
): { readonly begun: Try; readonly effect: Effect } | undefined {
  const step = job.steps[at.step]
  if (!step) return undefined
  const key = tryKey(run.id, job.name, at.step, at.attempt)
  const timeoutMs = Math.min(step.timeoutMs, at.limitMs)
  const spec: StepStart = {
    key,
    run: step.run,
    cwdKey: jobFolderKey(run.id, job.name),
    env: { ...surroundings(run, job), ...step.env },
    timeoutMs,
    graceMs: stepGraceMs,
    ...(at.image ? { image: at.image } : {}),
  }
  const deadline = now + timeoutMs + stepGraceMs + absenceMs
  return {
    begun: { key, standing: 'running', startedAt: now, deadline },
    effect: { kind: 'command.start', key, spec },
  }
}

/** The effect that ends a try early. */
export const dropTry = (key: Key): Effect => ({
  kind: 'command.cancel',
  key: `${key}/cancel`,
  spec: { key, graceMs: stepGraceMs },
})

/** How a try ended, when it has: a command that stays absent past its deadline is lost, too. */
export function newsOfTry(
  last: Try,
  found: Found<CommandEnd>,
  now: Instant,
): CommandEnd | 'lost' | undefined {
  if (typeof found === 'object') return found.ended
  if (found === 'absent') return now >= last.deadline ? 'lost' : undefined
  return found === 'lost' ? 'lost' : undefined
}

function judgeEnd(end: CommandEnd, step: StepPlan): Outcome {
  switch (end.why) {
    case 'couldNotStart':
      return {
        standing: 'inconclusive',
        because: `could not be started: ${end.error ?? 'for no known reason'}`,
      }
    case 'cancelled':
      return { standing: 'cancelled', because: 'was cancelled' }
    case 'timedOut':
      return { standing: 'failed', because: `took longer than ${allowed(end, step)}` }
    case 'exited':
      if (end.exit === 0) return { standing: 'passed' }
      return {
        standing: 'failed',
        because:
          end.note ??
          (end.exit === null ? `was ended by ${end.signal ?? 'a signal'}` : `exited with ${end.exit}`),
      }
  }
}

/** The step's own limit, or what the job had left for it when that was less. */
const allowed = (end: CommandEnd, step: StepPlan): string => {
  const tookMs = end.endedAt - end.startedAt
  return tookMs < step.timeoutMs
    ? `the job had left (${formatDuration(tookMs)})`
    : formatDuration(step.timeoutMs)
}

/** A try that has ended, with its standing and the reason. */
export function endTry(last: Try, end: CommandEnd | 'lost', step: StepPlan, now: Instant): Try {
  if (end === 'lost') {
    const because = 'ended without an exit status: its process is gone'
    return { ...last, standing: 'inconclusive', endedAt: now, because }
  }
  const { startedAt, endedAt, exit } = end
  return { ...last, ...judgeEnd(end, step), startedAt, endedAt, exit }
}
