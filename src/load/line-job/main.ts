/**
 * The process of one load test of an environment: `main.ts FOLDER`. Reads `spec.json` there, tells each trial on its
 * output, and leaves `result.json`. A process of its own, so that it outlives the server that wanted it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDuration, PlimsollError } from '../../kernel/index.ts'
import { jobFiles, openJobFolder, reasonsOf } from '../job-folder.ts'
import { type LineSearch, searchLoadLine } from '../line-search.ts'
import { judgeLine } from '../line-verdict.ts'
import { thisPlace } from '../place.ts'
import { parseGoal } from '../plan/goal.ts'
import type { LineState, LineStep, LocatedLine } from '../plan/line/index.ts'
import type { LineTestEnd } from '../plan/line-test/index.ts'
import { constant } from '../plan/profile.ts'
import { formatRate } from '../report/index.ts'
import type { LineJobSpec } from './spec.ts'

const [folder = '.'] = process.argv.slice(2)
const write = openJobFolder(folder)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())

function searchOf(spec: LineJobSpec): LineSearch {
  const { url, path, scenario, sends, objective, trialMs, budgetMs, minPerSecond, maxPerSecond, seed } = spec
  const goal = parseGoal(objective)
  if (!goal) throw new PlimsollError('PLM_USAGE', `${objective} is no objective: expected p99<250ms`)
  const request = { name: `GET ${path}`, method: 'GET', url: `${url}${path}`, headers: [] }
  const { containers } = spec
  return {
    ...(containers ? { service: { containers } } : {}),
    target: sends,
    plan: {
      script:
        scenario === undefined
          ? { is: 'requests', requests: [request] }
          : { is: 'scenarios', file: scenario, baseUrl: url },
      load: { model: 'open', stages: constant(maxPerSecond, 1), arrivals: 'poisson' },
      warmUpMs: 0,
      connections: 1_000,
      requestsPerConnection: Number.MAX_SAFE_INTEGER,
      timeoutMs: 10_000,
      workers: 1,
      seed,
      insecure: false,
    },
    options: {
      ...{ goal, minPerSecond, maxPerSecond, trialMs, budgetMs, seed },
      // A shorter trial settles and is confirmed for less time, too.
      settleMs: Math.min(2_000, trialMs / 2),
      confirmMs: 5 * trialMs,
    },
  }
}

/** A line for each trial, for who reads along; how far it is for the page. */
function tellTrials() {
  let told = 0
  return (step: LineStep, { trials, spentMs, plan }: LineState): void => {
    for (const { ratePerSecond, verdict } of trials.slice(told))
      console.log(`${formatRate(ratePerSecond)}: ${verdict}`)
    told = trials.length
    const tried = 'ratePerSecond' in step ? formatRate(step.ratePerSecond) : `${step.users} users`
    const spent = `${formatDuration(Math.round(spentMs))} of ${formatDuration(plan.budgetMs)}`
    write(jobFiles.progress, { text: `tries ${tried}; ${spent}`, trials: told })
  }
}

async function measure(): Promise<LineTestEnd> {
  const spec = JSON.parse(readFileSync(join(folder, jobFiles.spec), 'utf8')) as LineJobSpec
  const startedAt = Date.now()
  console.log(`${spec.sends}, ${spec.objective}`)
  const end = await searchLoadLine(searchOf(spec), { onStep: tellTrials(), signal: stop.signal })
  if ('is' in end) return { is: 'interrupted' }
  const place = { ...thisPlace(), service: 'on this machine' } as const
  const body: LocatedLine = { ...end, target: spec.sends, startedAt, place }
  const verdict = judgeLine(end, spec.objective, spec.least)
  console.log(`${verdict.standing}: ${verdict.text}`)
  return { is: 'measured', found: { ...verdict, body } }
}

const end = await measure().catch(
  (error: unknown): LineTestEnd => ({ is: 'failed', reasons: reasonsOf(error) }),
)
if (end.is === 'failed') for (const { text } of end.reasons) console.log(text)
write(jobFiles.result, end)
process.exit(0)
