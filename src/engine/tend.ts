import type { Clock, Key } from '../kernel/index.ts'
import type { SecretFiles } from './book.ts'
import type { Engine } from './engine.ts'
import type { Kept } from './group.ts'
import { endOfGroup, isToldTooSoon, standingOf } from './judge.ts'
import type { LiveGroup } from './live-group.ts'
import type { OpenOutput, Output } from './output.ts'
import type { ContainerSeen } from './shapes.ts'

export type TendDeps = {
  readonly engine: Pick<Engine, 'inspect' | 'stop' | 'remove'>
  readonly secrets: SecretFiles
  readonly openOutput: OpenOutput
  readonly clock: Clock
  /** Remembers more of a group; durable when it returns. */
  readonly keep: (group: LiveGroup, more: Partial<Kept>) => Promise<void>
  readonly tell: (key: Key) => void
}

/** What is done to a group when it was looked at. */
export interface Tending {
  /** Follows its output, ends what is to end, and settles what has ended. May be done again when it fails. */
  tend(group: LiveGroup): Promise<void>
  /** Has it stopped: TERM, and KILL after the grace. */
  halt(group: LiveGroup, why: 'cancelled' | 'timedOut', graceMs: number): Promise<void>
  /** Adds a line of ours to its log. */
  say(group: LiveGroup, text: string): Promise<void>
  /** Takes away its containers and what was written for them. */
  remove(key: Key, containers: Iterable<ContainerSeen>): Promise<void>
}

/** Looks after groups of containers that run. */
export function createTending({ engine, secrets, openOutput, clock, keep, tell }: TendDeps): Tending {
  async function remove(key: Key, containers: Iterable<ContainerSeen>): Promise<void> {
    for (const { id } of containers) await engine.remove(id)
    await secrets.remove(key)
  }

  async function listen(group: LiveGroup): Promise<Output> {
    const { key, kept, looks } = group
    group.output ??= openOutput(key, {
      containers: [...looks].map(([name, { id }]) => ({ name, id })),
      named: kept.containers.length > 1,
      log: kept.log,
      secrets: await group.secretsOf(),
    })
    return group.output
  }

  /** Its output first, then its end is told; then nothing of it is left but what is kept. */
  async function settle(group: LiveGroup): Promise<void> {
    const looked = [...group.looks].map(async ([name, { id }]) => ({ name, end: await engine.inspect(id) }))
    const ended = await Promise.all(looked)
    if (isToldTooSoon(group.kept, ended, clock.now())) return
    const dropped = await (await listen(group)).finish()
    await keep(group, { over: endOfGroup(group.kept, ended, dropped) })
    await remove(group.key, group.looks.values())
    tell(group.key)
  }

  /** Told once by each server; the engine counts the grace. */
  function stopContainers(group: LiveGroup, graceMs: number): void {
    for (const { id, phase } of group.looks.values()) {
      if (phase !== 'running' || group.stopping.has(id)) continue
      group.stopping.add(id)
      engine.stop(id, graceMs).catch(() => group.stopping.delete(id))
    }
  }

  async function halt(group: LiveGroup, why: 'cancelled' | 'timedOut', graceMs: number): Promise<void> {
    if (group.kept.over || group.kept.stop) return
    const at = clock.now()
    await keep(group, { stop: { why, at, forceAt: at + graceMs } })
    stopContainers(group, graceMs)
  }

  return {
    remove,
    halt,
    say: async (group, text) => (await listen(group)).say(text),
    async tend(group) {
      const { begunAt = 0, timeoutMs = Number.POSITIVE_INFINITY, stop, graceMs } = group.kept
      const now = clock.now()
      const standing = standingOf(group.kept, group.looks)
      if (standing === 'ended' || standing === 'lost') return settle(group)
      if (stop) stopContainers(group, Math.max(0, stop.forceAt - now))
      else if (standing === 'failing') stopContainers(group, graceMs)
      else if (now - begunAt >= timeoutMs) await halt(group, 'timedOut', graceMs)
      const output = await listen(group)
      output.pump()
    },
  }
}
