import { setImmediate } from 'node:timers/promises'
import {
  aroundOf,
  dayBeginsMs,
  type FillingQuestion,
  type Finding,
  foreseeFilling as foreseeOne,
  memoryUsed,
  usualQuestions,
  watchedQuestion,
} from '../../predict/index.ts'
import { readMatchers } from '../../series/index.ts'
import type { World } from '../world.ts'
import type { ForeseenPlace, Foreteller } from './index.ts'

/** What of one question is told at most: a host may have a hundred file systems. */
const mostOfOne = 20

function questionsOf({ service, environment, config }: ForeseenPlace): readonly FillingQuestion[] {
  const scope = { service, environment }
  const named = config.predict.watched.map(({ name, kind, metric, full }) =>
    watchedQuestion(
      {
        ...{ name, kind, metric: readMatchers(metric) ?? [] },
        full: typeof full === 'number' ? full : (readMatchers(full) ?? []),
      },
      scope,
    ),
  )
  return [...usualQuestions(scope), ...named]
}

async function askOne(
  world: World,
  { config }: ForeseenPlace,
  { kind, label, name, query, kills }: FillingQuestion,
  at: number,
): Promise<readonly Finding[]> {
  const around = aroundOf(config.predict, at)
  const begins = dayBeginsMs(config.predict, at)
  const found: Finding[] = []
  const all = (await world.peaks.hourly(query, at))
    .toSorted((a, b) => b.newest - a.newest)
    .slice(0, mostOfOne)
  const killed = kills ? await world.peaks.hourly(kills, at) : []
  for (const { labels, history, newest } of all) {
    const own = label === undefined ? name : (labels[label] ?? name)
    const seen = killed.find((one) => label !== undefined && one.labels[label] === labels[label])?.history
    found.push(
      foreseeOne(
        { kind, name: own, history, newest, dayBeginsMs: begins, ...(seen ? { kills: seen } : {}) },
        around,
      ),
    )
    await setImmediate()
  }
  return found
}

/** Memory that nothing limits: nobody can say when it is full. */
async function unlimited(world: World, place: ForeseenPlace, at: number): Promise<readonly Finding[]> {
  const used = await world.peaks.now(memoryUsed(place), at)
  if (used.length === 0) return []
  return [
    {
      ...{ is: 'unforeseen', kind: 'memory', name: 'memory' },
      text: 'memory: nothing is known to limit it, so that nobody can say when it is full',
      next: "limit the memory of its containers, or name a limit in predict.watched: { name: 'memory', kind: 'memory', metric: 'process_memory_usage_bytes', full: … }",
    },
  ]
}

/** Disks, memory, open files, and what the configuration names. */
export const foreseeFilling: Foreteller = async (world, place, at) => {
  const found: Finding[] = []
  for (const question of questionsOf(place)) found.push(...(await askOne(world, place, question, at)))
  const named = place.config.predict.watched
    .filter(({ name, kind }) => !found.some((one) => one.kind === kind && one.name === name))
    .map(
      ({ name, kind, metric }): Finding => ({
        ...{ is: 'unforeseen', kind, name },
        text: `${kind} ${name}: nothing is known of ${metric} in the last day`,
        next: 'look whether a target tells it: plimsoll health',
      }),
    )
  found.push(...named)
  if (!found.some(({ kind }) => kind === 'memory')) found.push(...(await unlimited(world, place, at)))
  // Of two that are called alike, the one that the configuration names counts.
  return [...new Map(found.map((one) => [`${one.kind} ${one.name}`, one])).values()]
}
