import { constant, type Load, parseProfile } from '../../load/index.ts'
import type { Input, Options } from '../command.ts'
import type { Reader } from './load-reader.ts'

/** How much load a command may be told to make. */
export const profileOptions = {
  rate: {
    type: 'string',
    value: 'N',
    description: 'requests (or users of a scenario) that begin each second',
  },
  users: { type: 'string', value: 'N', description: 'that each wait for an answer before they ask again' },
  profile: {
    type: 'string',
    value: 'TEXT',
    description: "rates that change: '10..200 over 1m, 200 for 5m, spike 200..900 for 10s'",
  },
  even: { type: 'boolean', description: 'evenly spaced instead of Poisson arrivals' },
  think: {
    type: 'string',
    value: '1s',
    description: 'how long each user waits before it begins again (default 0s)',
  },
  duration: { type: 'string', value: '30s', description: 'of the measured load (default 30s)' },
  'warm-up': { type: 'string', value: '5s', description: 'before it, in no result (default 5s)' },
} as const satisfies Options

const defaultRate = 50

/** What is not heeded is not to be said. */
function checkTogether({ values }: Input, reader: Reader): void {
  const given = (name: string): boolean => values[name] !== undefined && values[name] !== false
  const refuse = (name: string, because: string): void => {
    reader.problems.push({ at: `--${name}`, text: `--${name} ${because}` })
  }
  const models = ['rate', 'users', 'profile'].filter(given)
  if (models.length > 1)
    reader.problems.push({ text: `${models.map((name) => `--${name}`).join(' and ')} exclude each other` })
  if (given('think') && !given('users')) refuse('think', 'is for --users: a rate waits for nobody')
  if (given('even') && given('users'))
    refuse('even', 'is for a rate: users ask again when they were answered')
  if (given('duration') && given('profile')) refuse('duration', 'is not for --profile, which says its own')
}

/** How much load, from a command line. */
export function readLoad(input: Input, reader: Reader): Load {
  const [rate, users] = [reader.number('rate'), reader.number('users', 'whole, above 0')]
  const durationMs = reader.duration('duration', 30_000)
  checkTogether(input, reader)
  if (users !== undefined) return { model: 'closed', users, thinkMs: reader.duration('think', 0), durationMs }
  const arrivals = input.values.even ? 'even' : 'poisson'
  const profile = reader.text('profile')
  if (profile === undefined)
    return { model: 'open', stages: constant(rate ?? defaultRate, durationMs), arrivals }
  const { stages, problems } = parseProfile(profile)
  reader.problems.push(...problems)
  return { model: 'open', stages, arrivals }
}
