import { nearest } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { listChoices } from './found.ts'
import type { EnvironmentSketch, Sketch } from './sketch.ts'

/** What an environment in step cannot say itself: it comes from the one that it follows. */
const fromThere: Readonly<Record<string, string>> = {
  after: 'comes beside inStepWith, expected one of them: it follows, or releases are promoted to it',
  instances: "cannot be given in step, expected size: its share of the other's instances",
  target: 'cannot be given in step: instances run where those of the other do',
  promote: 'cannot be given in step: it follows by itself, and `plimsoll lock` holds it',
}

/** What comes from there unless it is declared to differ. */
const declarable = ['data', 'gateway', 'limits', 'requestTimeout']

function checkLeader({ environments }: Sketch, name: string, leader: string): readonly Finding[] {
  const path = ['environments', name, 'inStepWith']
  const known = [...environments.keys()].filter((one) => one !== name)
  const { inStepWith: next } = environments.get(leader) ?? {}
  // One's own name, and a circle of two, are circles and reported as such.
  if (leader === name || next === name) return []
  if (!known.includes(leader)) {
    const allowed = known.length === 0 ? 'there is no other environment' : `expected ${listChoices(known)}`
    return [finding(path, `is '${leader}', ${allowed}`, nearest(leader, known))]
  }
  const text = `is '${leader}', which is in step itself, expected the environment that it follows`
  return next === undefined ? [] : [finding(path, text, next)]
}

/** Each difference is declared, with its reason, and each that is declared is one. */
function checkDifferences(
  name: string,
  place: EnvironmentSketch,
  leader: EnvironmentSketch | undefined,
): readonly Finding[] {
  const own = [
    ...place.variables.map((one) => [['env', one], `env.${one}`] as const),
    ...declarable.filter((one) => place.given.includes(one)).map((one) => [[one], one] as const),
  ]
  const undeclared = own
    .filter(([, what]) => !place.differs.includes(what))
    .map(([path, what]) =>
      finding(
        ['environments', name, ...path],
        `is as in '${place.inStepWith}' unless it is declared, expected differs: { '${what}': 'why' }`,
      ),
    )
  const variables = new Set([...place.variables, ...(leader?.variables ?? [])].map((one) => `env.${one}`))
  const idle = place.differs
    .filter((what) => what.startsWith('env.') && !variables.has(what))
    .map((what) =>
      finding(
        ['environments', name, 'differs', what],
        'is no difference, expected a variable that it, or the environment that it follows, has',
        nearest(what, [...variables]),
      ),
    )
  return [...undeclared, ...idle]
}

/** What is woken rests again, and nothing runs on what rests. */
function checkLoadTest(name: string, { loadTest }: EnvironmentSketch): readonly Finding[] {
  if (!loadTest) return []
  const { given, stays } = loadTest
  const [wakes, rests] = [given.includes('wake'), given.includes('rest')]
  const at = (key: string, text: string) => finding(['environments', name, 'loadTest', key], text)
  return [
    ...(wakes && !rests
      ? [at('rest', 'is missing, expected the command that lets rest again what wake woke')]
      : []),
    ...(rests && !wakes
      ? [at('wake', 'is missing, expected the command that wakes what rest puts to rest')]
      : []),
    ...(rests && stays
      ? [at('asleep', 'is false, expected true: its instances would go on without what they depend on')]
      : []),
  ]
}

function checkFollower(sketch: Sketch, name: string, place: EnvironmentSketch): readonly Finding[] {
  const { inStepWith: leader } = place
  if (leader === undefined)
    return ['size', 'differs', 'scales', 'scalesBySize', 'loadTest']
      .filter((key) => place.given.includes(key))
      .map((key) =>
        finding(['environments', name, key], 'says nothing without inStepWith, expected both or neither'),
      )
  return [
    ...checkLeader(sketch, name, leader),
    ...Object.entries(fromThere).flatMap(([key, text]) =>
      place.given.includes(key) ? [finding(['environments', name, key], text)] : [],
    ),
    ...checkDifferences(name, place, sketch.environments.get(leader)),
    ...checkLoadTest(name, place),
  ]
}

/** The gates `drift`, `loadTest` and `headroom` look at the environments that are in step with their own. */
function checkGatesOnFollowers({ environments }: Sketch, name: string, place: EnvironmentSketch) {
  const { gateKinds: gates = [] } = place
  const followers = [...environments.values()].filter(({ inStepWith }) => inStepWith === name)
  const lacks = (gate: string): string | undefined => {
    if (gate === 'drift' && followers.length === 0) return `inStepWith: '${name}'`
    const isMeasured = followers.some(({ loadTest }) => loadTest)
    const isMeasuredBy = gate === 'loadTest' || gate === 'headroom'
    return isMeasuredBy && !isMeasured ? `inStepWith: '${name}' and loadTest: { … }` : undefined
  }
  return gates.flatMap((gate, index) => {
    const lack = lacks(gate)
    if (lack === undefined) return []
    const text = `is '${gate}', which looks at what is in step with ${name}, expected an environment with ${lack}`
    return [finding(['environments', name, 'gates', index], text)]
  })
}

/** Environments that follow another one. */
export const checkInStep = (sketch: Sketch): readonly Finding[] =>
  [...sketch.environments].flatMap(([name, place]) => [
    ...checkFollower(sketch, name, place),
    ...checkGatesOnFollowers(sketch, name, place),
  ])
