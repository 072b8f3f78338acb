/**
 * The process of one comparison: `main.ts FOLDER`. Reads `spec.json` there, tells each round on its output, and leaves
 * `result.json`. A process of its own, so that it outlives the server that wanted it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../kernel/index.ts'
import { type ComparisonRun, runComparison } from '../comparison-run.ts'
import { evidenceOf } from '../evidence.ts'
import { jobFiles, openJobFolder, reasonsOf } from '../job-folder.ts'
import type { ComparisonState } from '../plan/compare/index.ts'
import { parseGoal } from '../plan/goal.ts'
import { constant } from '../plan/profile.ts'
import type { CompareEnd } from '../plan/story/index.ts'
import type { CompareSpec } from './spec.ts'

const [folder = '.'] = process.argv.slice(2)

const write = openJobFolder(folder)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())

function runOf({ base, change, path, scenario, objective, options }: CompareSpec): ComparisonRun {
  const goal = parseGoal(objective)
  if (!goal) throw new PlimsollError('PLM_USAGE', `${objective} is no objective: expected p99<250ms`)
  const request = { name: `GET ${path}`, method: 'GET', url: `http://127.0.0.1${path}`, headers: [] }
  return {
    base: { is: 'service', service: base.service },
    change: { is: 'service', service: change.service },
    plan: {
      script:
        scenario === undefined
          ? { is: 'requests', requests: [request] }
          : { is: 'scenarios', file: scenario },
      load: { model: 'open', stages: constant(1, 1), arrivals: 'poisson' },
      warmUpMs: 0,
      connections: 1_000,
      requestsPerConnection: Number.MAX_SAFE_INTEGER,
      timeoutMs: 10_000,
      workers: 1,
      seed: options.seed,
      insecure: false,
    },
    goal,
    options,
  }
}

/** A line for each round, for who reads along; the figures for the page. */
function tellRounds() {
  let told = 0
  return ({ rounds }: ComparisonState, elapsedMs: number): void => {
    for (const { base, change, void: because } of rounds.slice(told)) {
      const carried = `${Math.round(base.carriesPerSecond)}/s and ${Math.round(change.carriesPerSecond)}/s`
      console.log(
        `round ${told + 1}: ${carried}${because === undefined ? '' : `; does not count: ${because}`}`,
      )
      told += 1
    }
    write(jobFiles.progress, { rounds, elapsedMs })
  }
}

async function compare(): Promise<CompareEnd> {
  const spec = JSON.parse(readFileSync(join(folder, jobFiles.spec), 'utf8')) as CompareSpec
  const { base, change, sends, objective, besideProduction, sizes } = spec
  const startedAt = Date.now()
  console.log(`${change.name} beside ${base.name}: ${sends}, ${objective}`)
  const end = await runComparison(runOf(spec), { onRound: tellRounds(), signal: stop.signal })
  if (end.is === 'interrupted') return end
  const evidence = evidenceOf(end, {
    ...{ base, change, sends, objective, startedAt, besideProduction },
    ...(sizes ? { sizes } : {}),
  })
  console.log(`${evidence.verdict}: ${evidence.text}`)
  return { is: 'compared', evidence }
}

const end = await compare().catch(
  (error: unknown): CompareEnd => ({ is: 'failed', reasons: reasonsOf(error) }),
)
if (end.is === 'failed') for (const { text } of end.reasons) console.log(text)
write(jobFiles.result, end)
process.exit(0)
