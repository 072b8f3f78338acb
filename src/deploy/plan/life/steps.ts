import type { LifeSettings } from './state.ts'

export type CommandName = 'wake' | 'clean' | 'seed' | 'rest'

/** One step of the life of an environment around a load test. */
export type Step =
  | { readonly do: 'freeze' | 'start' | 'open' | 'test' | 'keep' | 'close' | 'stop' | 'thaw' }
  | { readonly do: 'command'; readonly command: CommandName }

const titles: Readonly<Record<Exclude<Step['do'], 'command'> | CommandName, string>> = {
  freeze: 'freeze deployments',
  wake: 'wake what it depends on',
  clean: 'clean its data',
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

export const titleOf = (step: Step): string => titles[step.do === 'command' ? step.command : step.do]

const command = (settings: LifeSettings, name: CommandName): Step[] =>
  settings[name] ? [{ do: 'command', command: name }] : []

const sleeping = ({ asleep }: LifeSettings): Step[] => (asleep ? [{ do: 'close' }, { do: 'stop' }] : [])

/** What is done to measure, in order; nothing when the environment is only put to sleep. */
const measuring = (settings: LifeSettings): Step[] =>
  settings.test === undefined
    ? []
    : [
        // Data are not changed under what reads them, and each measurement begins alike.
        ...sleeping(settings),
        ...command(settings, 'wake'),
        ...command(settings, 'clean'),
        ...command(settings, 'seed'),
        { do: 'start' },
        { do: 'open' },
        { do: 'test' },
        { do: 'keep' },
      ]

/** What is done at the end whatever has happened: nothing is left awake, and nothing frozen. */
const restoring = (settings: LifeSettings): Step[] => [
  ...sleeping(settings),
  ...command(settings, 'rest'),
  { do: 'thaw' },
]

export const stepsOf = (settings: LifeSettings): readonly Step[] => [
  { do: 'freeze' },
  ...measuring(settings),
  ...restoring(settings),
]

/** Where restoring begins. */
export const restoreAt = (settings: LifeSettings): number => 1 + measuring(settings).length
