import { mainContainer } from '../fleet/containers.ts'
import { type Finding, finding } from './finding.ts'
import { checkName } from './names.ts'
import type { Sketch } from './sketch.ts'

function checkOne([name, { isTornBetween }]: [
  string,
  Sketch['containers'] extends ReadonlyMap<string, infer C> ? C : never,
]): readonly Finding[] {
  const text = 'has a dockerfile and an image, expected one of them'
  return isTornBetween ? [finding(['containers', name], text)] : []
}

/** Exactly one container takes requests: the gateway sends them to one port. */
function checkPort({ containers }: Sketch): readonly Finding[] {
  const taking = [...containers].filter(([, { takesRequests }]) => takesRequests).map(([name]) => name)
  if (taking.length === 1) return []
  if (taking.length === 0)
    return [finding(['containers'], 'has no port, expected one of them to have the port that takes requests')]
  const text = `is the second port, after that of ${taking[0]}, expected one: the others speak over localhost`
  return [finding(['containers', taking[1] ?? '', 'port'], text)]
}

/** Limits are those of containers that there are, where instances are containers. */
function checkLimits({ containers, environments }: Sketch): readonly Finding[] {
  const names = [...containers.keys()]
  return [...environments].flatMap(([name, { given, limited, inStepWith, target }]) => {
    if (!given.includes('limits')) return []
    const there = inStepWith === undefined ? target : environments.get(inStepWith)?.target
    if (there !== 'docker') {
      const text = "says nothing of processes, which have no limits, expected the target 'docker'"
      return [finding(['environments', name, 'limits'], text)]
    }
    return limited.flatMap((one) => checkName(['environments', name, 'limits', one], one, names, 'container'))
  })
}

/** What no single value of the containers shows. */
export function checkContainers(sketch: Sketch): readonly Finding[] {
  const { containers, environments } = sketch
  const [wanting] = [...environments].find(([, { target }]) => target === 'docker') ?? []
  const limits = checkLimits(sketch)
  if (containers.size === 0) {
    const text = `is missing, expected { app: { port: 8080 } }: environments.${wanting} has the target 'docker'`
    return wanting === undefined ? limits : [finding(['containers'], text)]
  }
  const names = [...containers.keys()]
  const main = containers.has(mainContainer)
    ? []
    : [
        finding(
          ['containers'],
          `has ${names.join(', ')}, expected one named ${mainContainer}: it is the service itself`,
        ),
      ]
  return [...main, ...[...containers].flatMap(checkOne), ...checkPort(sketch), ...limits]
}
