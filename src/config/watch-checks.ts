import { type Finding, finding } from './finding.ts'
import { checkName, checkOwnNames } from './names.ts'
import type { Sketch } from './sketch.ts'

/** Each place is looked at in one way: an environment that Plimsoll runs is not somewhere else. */
const checkElsewhereNames = ({ elsewhere, environments }: Sketch): readonly Finding[] =>
  elsewhere.flatMap(({ name }) =>
    environments.has(name)
      ? [finding(['watch', 'elsewhere', name], 'is an environment, too, expected a name of its own')]
      : [],
  )

const checkPaths = ({ elsewhere }: Sketch): readonly Finding[] =>
  elsewhere.flatMap(({ name, hasAddress, hasPaths }) => {
    const text =
      "is missing, expected where it takes requests, such as 'https://pay.example.org': metrics is a path"
    return hasPaths && !hasAddress ? [finding(['watch', 'elsewhere', name, 'address'], text)] : []
  })

const checkProbePlaces = ({ probes, environments, elsewhere }: Sketch): readonly Finding[] => {
  const known = [...new Set([...environments.keys(), ...elsewhere.map(({ name }) => name)])]
  return probes.flatMap(({ in: places = [] }, i) =>
    places.flatMap((place, at) =>
      checkName(
        places.length === 1 ? ['probes', i, 'in'] : ['probes', i, 'in', at],
        place,
        known,
        'environment',
      ),
    ),
  )
}

/** A path is asked of an address. */
const checkProbePaths = ({ probes, environments, elsewhere, isWorker }: Sketch): readonly Finding[] =>
  probes.flatMap(({ in: places, isPath }, i) => {
    if (!isPath) return []
    const asked = elsewhere.find(
      ({ name, hasAddress }) => !hasAddress && (places === undefined || places.includes(name)),
    )
    const text = (why: string) =>
      finding(
        ['probes', i, 'url'],
        `is a path, expected an address that begins with https:// or http://: ${why}`,
      )
    if (asked) return [text(`watch.elsewhere.${asked.name} has no address`)]
    const own = [...environments.keys()].find((name) => places === undefined || places.includes(name))
    return isWorker && own !== undefined
      ? [text('start.port is false, so that instances take no requests')]
      : []
  })

const checkHeartbeatPlaces = ({ heartbeats, environments, elsewhere }: Sketch): readonly Finding[] => {
  const known = [...new Set([...environments.keys(), ...elsewhere.map(({ name }) => name)])]
  return heartbeats.flatMap(({ in: places = [] }, i) =>
    places.flatMap((place, at) => {
      const path = ['watch', 'heartbeats', i, 'in']
      return checkName(places.length === 1 ? path : [...path, at], place, known, 'environment')
    }),
  )
}

/** Alerts of both are known by one label, `slo`: a silence of one would be a silence of the other, too. */
const checkJobNames = ({ heartbeats, slos }: Sketch): readonly Finding[] =>
  heartbeats.flatMap(({ name }, i) => {
    const at = name === '' ? -1 : slos.findIndex((slo) => slo.name === name)
    const text = `is '${name}', expected another name than an SLO has: routes and silences would take the alerts of slos[${at}] and those of this job for one`
    return at < 0 ? [] : [finding(['watch', 'heartbeats', i, 'name'], text)]
  })

/** What is watched, and what is asked. */
export const checkWatch = (sketch: Sketch): readonly Finding[] => [
  ...checkElsewhereNames(sketch),
  ...checkPaths(sketch),
  ...checkProbePlaces(sketch),
  ...checkProbePaths(sketch),
  ...checkOwnNames(
    ['probes'],
    sketch.probes.map(({ name }) => name),
  ),
  ...checkOwnNames(
    ['watch', 'heartbeats'],
    sketch.heartbeats.map(({ name }) => name),
  ),
  ...checkHeartbeatPlaces(sketch),
  ...checkOwnNames(['predict', 'watched'], sketch.filling),
  ...checkJobNames(sketch),
]
