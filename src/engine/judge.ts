import { type CommandEnd, type CommandSeen, readCode } from '../host/index.ts'
import { type Kept, killsByContainer } from './group.ts'
import type { ContainerEnd, ContainerSeen } from './shapes.ts'

/** Containers of a group that are there, by name. */
export type Looks = ReadonlyMap<string, ContainerSeen>

/** `failing`: what must not end has ended, and the rest is to go. */
export type Standing = 'beginning' | 'running' | 'failing' | 'ended' | 'lost'

/** How a group stands, by what is there of it. */
export function standingOf({ containers, begunAt }: Kept, looks: Looks): Standing {
  if (begunAt === undefined) return 'beginning'
  if (looks.size === 0) return 'lost'
  const living = containers.filter(({ name }) => looks.get(name)?.phase === 'running')
  if (living.length === 0) return 'ended'
  const whole = containers.every((one) => !one.essential || living.includes(one))
  return whole ? 'running' : 'failing'
}

/** What is known of a group that runs: the images that it really runs, and whether all are well. */
export function seenOfGroup(kept: Kept, looks: Looks): CommandSeen | undefined {
  if (kept.begunAt === undefined || standingOf(kept, looks) !== 'running') return undefined
  const all = [...looks]
  const sick = all.find(([, { unwell }]) => unwell)
  return {
    startedAt: kept.begunAt,
    images: Object.fromEntries(all.map(([name, { image }]) => [name, image])),
    ...(sick ? { unwell: `the HEALTHCHECK of ${sick[0]} says that it is not well` } : {}),
  }
}

const mebibyte = 2 ** 20

function memoryNote(memoryBytes: number | undefined): string {
  return memoryBytes === undefined
    ? 'ran out of memory'
    : `ran out of memory (limit ${Math.round(memoryBytes / mebibyte)} MiB)`
}

const howOf = ({ exit, signal }: Pick<CommandEnd, 'exit' | 'signal'>): string =>
  signal ? `ended by ${signal}` : `exited with ${exit}`

/** What the exit code alone does not say: which of several it was, and that it ran out of memory. */
function noteOf(kept: Kept, name: string, end: ContainerEnd): string | undefined {
  const one = kept.containers.find((container) => container.name === name)
  const alone = kept.containers.length === 1
  if (alone && !end.outOfMemory) return undefined
  const how = end.outOfMemory ? memoryNote(one?.memoryBytes) : howOf(readCode(end.exit))
  return alone ? how : `container ${name} ${how}`
}

type Ended = { readonly name: string; readonly end: ContainerEnd }

/** The first of those that must not end, by the engine's own clock: its end was the group's. */
function decisive(kept: Kept, ended: readonly Ended[]): Ended | undefined {
  const essential = new Set(kept.containers.filter((one) => one.essential).map(({ name }) => name))
  return ended
    .filter(({ name }) => essential.has(name))
    .sort((a, b) => a.end.endedAt - b.end.endedAt || Number(b.end.outOfMemory) - Number(a.end.outOfMemory))[0]
}

/** Exit code of what KILL ended. */
const killed = 137
/** Within so long the engine knows whether it was for want of memory: it is told of that apart from the end. */
const memoryToldMs = 2_000

/** It may still turn out that the container whose end was the group's ran out of memory. */
export function isToldTooSoon(kept: Kept, ended: readonly Ended[], now: number): boolean {
  const first = kept.stop ? undefined : decisive(kept, ended)
  if (!first || first.end.exit !== killed || first.end.outOfMemory) return false
  const { memoryBytes } = kept.containers.find(({ name }) => name === first.name) ?? {}
  return memoryBytes !== undefined && now - first.end.endedAt < memoryToldMs
}

/** Of whom the engine says at its end that memory ran out, it did at least once, whoever has heard of it. */
function killsAtEnd({ kills }: Kept, ended: readonly Ended[]): Readonly<Record<string, number>> {
  const known = killsByContainer(kills)
  const told = ended.filter(({ end }) => end.outOfMemory).map(({ name }) => [name, known[name] ?? 1])
  return { ...known, ...Object.fromEntries(told) }
}

/** How a group ended whose containers have all ended; `lost` when what was decisive is gone. */
export function endOfGroup(kept: Kept, ended: readonly Ended[], droppedBytes: number): CommandEnd | 'lost' {
  const first = decisive(kept, ended)
  if (!first) return 'lost'
  const { name, end } = first
  const note = kept.stop ? undefined : noteOf(kept, name, end)
  const kills = killsAtEnd(kept, ended)
  return {
    ...readCode(end.exit),
    why: kept.stop?.why ?? 'exited',
    // Not when a server came to know of it: that may have been after its end.
    startedAt: Math.min(...ended.map((one) => one.end.startedAt)),
    endedAt: Math.max(...ended.map((one) => one.end.endedAt)),
    droppedBytes,
    ...(note === undefined ? {} : { note }),
    ...(Object.keys(kills).length === 0 ? {} : { kills }),
  }
}

/** A group that could not be started. */
export const neverBegan = (error: string, now: number): CommandEnd => ({
  exit: null,
  signal: null,
  why: 'couldNotStart',
  error,
  startedAt: now,
  endedAt: now,
  droppedBytes: 0,
})
