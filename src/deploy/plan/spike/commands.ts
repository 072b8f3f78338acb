import type { CommandEnd } from '../../../host/index.ts'
import { type Effect, formatDuration, type Json, type Key, type Variables } from '../../../kernel/index.ts'
import type { SpikeState } from './state.ts'

/** From TERM to KILL. */
const graceMs = 10_000
/** Beyond its own limit, until a command is given up that nobody sees end. */
export const commandMarginMs = 15_000

export const upKey = ({ id }: Pick<SpikeState, 'id'>): Key => `spike/${id}/up`
export const downKey = ({ id }: Pick<SpikeState, 'id'>, attempt: number): Key => `spike/${id}/down/${attempt}`

/** Variables of the commands that make the dependencies and take them away, beside those that every one gets. */
export const commandVariables = ({ settings, up }: SpikeState, which: 'up' | 'down'): Variables => ({
  ...(settings.dependencies?.[which].env ?? {}),
  ...(which === 'down' ? up?.variables : {}),
})

/** Runs `up`, or a try of `down`; idempotent by its key. */
export function commandEffect(state: SpikeState, which: 'up' | 'down', key: Key): Effect[] {
  const task = state.settings.dependencies?.[which]
  if (!task) return []
  const { run, timeoutMs } = task
  const spec = { which, run, timeoutMs, graceMs, env: commandVariables(state, which) }
  return [{ kind: 'spike.command', key, spec: spec as unknown as Json }]
}

export const cancelUp = (state: SpikeState): Effect[] =>
  state.up
    ? [
        {
          kind: 'command.cancel',
          key: `${upKey(state)}/cancel`,
          spec: { key: upKey(state), graceMs },
        },
      ]
    : []

/** How a command ended that did not do its work. */
export function failureOf({ exit, signal, why, error, startedAt, endedAt }: CommandEnd): string {
  const took = formatDuration(endedAt - startedAt)
  if (why === 'couldNotStart') return `could not be started: ${error}`
  if (why === 'timedOut') return `was not over after ${took}`
  return exit === null ? `was ended by ${signal} after ${took}` : `exited with ${exit} after ${took}`
}
