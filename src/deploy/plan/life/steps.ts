import type { Digest } from '../../../kernel/index.ts'
import type { DeploymentSettings, TaskSettings } from '../order.ts'
import type { LifeState } from './state.ts'

/** Those that the environment configures, and `migrate`, which is the release's own. */
export type CommandName = 'wake' | 'clean' | 'migrate' | 'seed' | 'rest'

/** Whose instances, or files, a step is about: what is live, or the guest that is measured in its place. */
type About = { readonly of?: 'guest' }

/** One step of the life of an environment around a load test. `back`: of the data that a guest leaves behind. */
export type Step =
  | { readonly do: 'freeze' | 'test' | 'keep' | 'close' | 'thaw' }
  | ({ readonly do: 'start' | 'open' | 'stop' } & About)
  | ({ readonly do: 'command'; readonly command: CommandName; readonly back?: true } & About)

const titles: Readonly<Record<Exclude<Step['do'], 'command'> | CommandName, string>> = {
  freeze: 'freeze deployments',
  wake: 'wake what it depends on',
  clean: 'clean its data',
  migrate: 'migrate its data',
  seed: 'seed its data',
  start: 'start its instances',
  open: 'let requests in',
  test: 'search its load line',
  keep: 'keep what was found',
  rest: 'let what it depends on rest',
  close: 'let no more requests in',
  stop: 'stop its instances',
  thaw: 'let deployments in again',
}

const guestTitles = { start: 'bring the release', stop: 'take the release away again' } as const

/** As people are told it. */
export function titleOf(step: Step): string {
  if (step.do === 'command') return `${titles[step.command]}${step.back ? ', for what comes back' : ''}`
  if (step.do !== 'start' && step.do !== 'stop') return titles[step.do]
  return step.of === 'guest' ? guestTitles[step.do] : titles[step.do]
}

/** The name of a step among the keys of what it starts. */
export const nameOf = (step: Step): string =>
  step.do === 'command' ? `${step.back ? 'back-' : ''}${step.command}` : step.do

type Known = Pick<LifeState, 'settings' | 'guest' | 'change' | 'deployed'> & {
  readonly live?: { readonly release: Digest }
}

/** Whether a guest makes the data its own: what is live has migrated them itself, at whatever size it is measured. */
export const changesData = ({ guest, live }: Pick<Known, 'guest' | 'live'>): boolean =>
  guest?.deployed?.migrate !== undefined && guest.release !== live?.release

/** A guest, or a change that may be one: from the freeze on it is known whether that is live already. */
const hasGuest = ({ guest, change, deployed }: Known): boolean =>
  guest !== undefined || (change !== undefined && deployed === undefined)

/** What runs a step: which release, in which fleet, and how it was or is brought. */
export type Party = {
  readonly release?: Digest | undefined
  readonly fleet?: string | undefined
  readonly deployed?: DeploymentSettings | undefined
}

const liveParty = ({ live, deployed }: LifeState): Party => ({
  release: live?.release,
  fleet: live?.fleet,
  deployed,
})

/** What is measured: the guest, whose fleet has the name of the load test, or what is live. */
export const measuredParty = (state: LifeState): Party =>
  state.guest
    ? { release: state.guest.release, fleet: state.id, deployed: state.guest.deployed }
    : liveParty(state)

const isMeasured = (step: Step): boolean =>
  'of' in step ? step.of === 'guest' : step.do === 'test' || step.do === 'keep'

/** Whom a step is about. */
export const partyOf = (state: LifeState, step: Step | undefined): Party =>
  step && isMeasured(step) ? measuredParty(state) : liveParty(state)

/** The command of a step; undefined when nothing of the kind is configured. */
export function taskOf(state: LifeState, step: Step | undefined): TaskSettings | undefined {
  if (step?.do !== 'command') return undefined
  return step.command === 'migrate' ? partyOf(state, step).deployed?.migrate : state.settings[step.command]
}

const stopping: readonly Step[] = [{ do: 'close' }, { do: 'stop' }]

/** Who cleans the data takes the schema with them, or may: the release's own migration makes it again. */
function dataSteps(
  { settings: { clean, seed } }: Known,
  deployed: DeploymentSettings | undefined,
  how: { readonly of?: 'guest'; readonly back?: true },
): Step[] {
  const step = (command: CommandName): Step => ({ do: 'command', command, ...how })
  return [
    ...(clean ? [step('clean')] : []),
    ...(clean && deployed?.migrate ? [step('migrate')] : []),
    ...(seed ? [step('seed')] : []),
  ]
}

/** What is done to measure, in order; nothing when the environment is only put to sleep. */
function measuring(state: Known): Step[] {
  const { settings, guest, deployed } = state
  if (settings.test === undefined) return []
  const of = hasGuest(state) ? ({ of: 'guest' } as const) : {}
  return [
    // Data are not changed under what reads them, and each measurement begins alike.
    ...(settings.asleep || hasGuest(state) ? stopping : []),
    ...(settings.wake ? [{ do: 'command', command: 'wake', ...of } as const] : []),
    ...dataSteps(state, hasGuest(state) ? guest?.deployed : deployed, of),
    { do: 'start', ...of },
    { do: 'open', ...of },
    { do: 'test' },
    { do: 'keep' },
  ]
}

/** A guest goes, with what it made of the data, and what was live is as before. */
const bringingBack = (state: Known): Step[] => [
  { do: 'close' },
  { do: 'stop', of: 'guest' },
  ...(changesData(state)
    ? dataSteps(state, state.deployed, { back: true }).filter(
        (step) => !state.settings.asleep || !isSeed(step),
      )
    : []),
  ...(state.settings.asleep ? [{ do: 'stop' } as const] : ([{ do: 'start' }, { do: 'open' }] as const)),
]

/** What sleeps is seeded when it is measured. */
const isSeed = (step: Step): boolean => step.do === 'command' && step.command === 'seed'

/** What is done at the end whatever has happened: nothing is left awake, and nothing frozen. */
const restoring = (state: Known): Step[] => [
  ...(hasGuest(state) ? bringingBack(state) : state.settings.asleep ? stopping : []),
  ...(state.settings.rest ? [{ do: 'command', command: 'rest' } as const] : []),
  { do: 'thaw' },
]

/** All steps, as far as what is brought, and how, is known. */
export const stepsOf = (state: Known): readonly Step[] => [
  { do: 'freeze' },
  ...measuring(state),
  ...restoring(state),
]

/** Where restoring begins: behind what is measured, or behind the freeze when nothing is. */
export const restoreAt = ({ steps }: Pick<LifeState, 'steps'>): number =>
  steps.findIndex((step) => step.do === 'keep') + 1 || 1
