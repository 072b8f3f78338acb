/**
 * The process of one pass of a journey: `main.ts SPEC`. Tells its result to its parent. A process of its own, so that
 * whatever a scenario does to it, it does to nobody else.
 */

import { PlimsollError } from '../../kernel/errors.ts'
import { Client } from '../engine/client.ts'
import type { EnginePlan } from '../engine/engine-plan.ts'
import { createFeed } from '../engine/feed.ts'
import { KnownRequests } from '../engine/known-requests.ts'
import { loadScenarioFile, placeOf, type ScenarioFile } from '../engine/scenario-file.ts'
import { Session } from '../engine/session.ts'
import { Tally } from '../engine/tally.ts'
import { RequestFailed, type Scenario } from '../scenario.ts'
import type { JourneyResult, JourneySpec } from './journey.ts'
import { Traveller } from './traveller.ts'

const spec = JSON.parse(process.argv[2] ?? '{}') as JourneySpec

const planOf = ({ file, withinMs }: JourneySpec): EnginePlan => ({
  script: { is: 'scenarios', file },
  load: { model: 'closed', users: 1, thinkMs: 0, durationMs: withinMs },
  warmUpMs: 0,
  connections: 10,
  requestsPerConnection: Number.MAX_SAFE_INTEGER,
  timeoutMs: withinMs,
  workers: 1,
  seed: 1,
  insecure: false,
})

function tell(result: JourneyResult): never {
  process.send?.(result, () => process.exit())
  // Whoever is not heard is ended by the parent.
  return undefined as never
}

function whyOf(error: unknown): string {
  if (error instanceof PlimsollError) {
    const [first] = error.problems
    return `${first?.place === undefined ? '' : `${first.place}: `}${first?.text ?? error.message}`
  }
  const place = placeOf(error, spec.file)
  const text = error instanceof Error ? error.message : String(error)
  return place ? `${place}: ${text}` : text
}

function chosen({ scenarios }: ScenarioFile): Scenario {
  const found = scenarios.find(({ name }) => spec.scenario === undefined || name === spec.scenario)
  if (found) return found
  const names = scenarios.map(({ name }) => name).join(', ')
  throw new Error(`there is no scenario ${spec.scenario}; there are ${names}`)
}

const inFull = (name: string, work: () => Promise<unknown>) =>
  work().catch((error) => {
    throw new Error(`${name}: ${whyOf(error)}`, { cause: error })
  })

async function travel(): Promise<void> {
  const file = await loadScenarioFile(spec.file)
  const scenario = chosen(file)
  const tally = new Tally()
  const client = new Client(planOf(spec), 0, performance.now(), tally)
  const base = spec.baseUrl ?? file.baseUrl
  const known = new KnownRequests(client, base === undefined ? undefined : new URL(base), true)
  let data: unknown
  const shared = {
    tally,
    take: createFeed(0, 1, Math.random),
    random: Math.random,
    get data() {
      return data
    },
    stillOn: () => {},
    isMeasured: () => true,
  }
  const traveller = new Traveller(new Session(client, tally, known), shared)
  let begun = performance.now()
  const result = (more: Pick<JourneyResult, 'isWhole'> & { readonly problem?: string }): JourneyResult => ({
    steps: traveller.steps,
    durationMs: performance.now() - begun,
    ...more,
  })
  const late = setTimeout(
    () => tell(result({ isWhole: false, problem: `had not ended within ${spec.withinMs} ms` })),
    spec.withinMs,
  )
  try {
    data = file.setUp && (await inFull('setUp', () => Promise.resolve(file.setUp?.(traveller))))
    begun = performance.now()
    traveller.setOut()
    const found = await scenario.run(traveller).then(
      () => result({ isWhole: true }),
      // A step without an answer says so itself.
      (error: unknown) =>
        result({ isWhole: false, ...(error instanceof RequestFailed ? {} : { problem: whyOf(error) }) }),
    )
    traveller.arrive()
    await inFull('tearDown', () => Promise.resolve(file.tearDown?.(traveller)))
    clearTimeout(late)
    tell(found)
  } catch (error) {
    tell(result({ isWhole: false, problem: whyOf(error) }))
  }
}

process.on('disconnect', () => process.exit())
travel().catch((error) => tell({ steps: [], durationMs: 0, isWhole: false, problem: whyOf(error) }))
