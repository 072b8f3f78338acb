import { compatibleName } from '../deploy/index.ts'
import { promisedIn } from '../watch/index.ts'
import { checkContainers } from './containers.ts'
import { type Finding, finding } from './finding.ts'
import { checkInStep } from './in-step-checks.ts'
import type { KeyPath } from './keyPath.ts'
import { checkName, checkOwnNames } from './names.ts'
import { findCycles, type Graph } from './order.ts'
import type { EnvironmentSketch, Sketch } from './sketch.ts'
import { checkWatch } from './watch-checks.ts'

function checkCycles(graph: Graph, pathOf: (name: string) => KeyPath): readonly Finding[] {
  return findCycles(graph).map((cycle) =>
    finding(
      pathOf(cycle[0] ?? ''),
      `goes round in a circle (${cycle.join(' → ')}), expected an order without one`,
    ),
  )
}

function checkJobs({ jobs }: Sketch): readonly Finding[] {
  const unknown = [...jobs].flatMap(([job, needs]) =>
    needs.flatMap((name, index) =>
      checkName(['pipeline', job, 'needs', index], name, others(jobs, job, name), 'other job'),
    ),
  )
  return [...unknown, ...checkCycles(jobs, (job) => ['pipeline', job, 'needs'])]
}

/** All names but one's own; one's own only when it was really given, since that is a circle, not unknown. */
const others = (map: ReadonlyMap<string, unknown>, own: string, given: string): readonly string[] =>
  [...map.keys()].filter((name) => name !== own || name === given)

function checkOrder({ environments }: Sketch): readonly Finding[] {
  const unknown = [...environments].flatMap(([name, { after = '' }]) =>
    checkName(['environments', name, 'after'], after, others(environments, name, after), 'other environment'),
  )
  const graph = new Map(
    [...environments].map(([name, { after, inStepWith }]) => [
      name,
      [after, inStepWith].flatMap((one) => one || []),
    ]),
  )
  const keyOf = (name: string) => (environments.get(name)?.after ? 'after' : 'inStepWith')
  return [...unknown, ...checkCycles(graph, (name) => ['environments', name, keyOf(name)])]
}

const checkGates = ({ environments }: Sketch, known: readonly string[]): readonly Finding[] =>
  [...environments].flatMap(([name, { gates = [] }]) =>
    gates.flatMap((gate, index) => checkName(['environments', name, 'gates', index], gate, known, 'gate')),
  )

/** A gate is waived and shown by its name: there must be one of each, and none with the name that every environment has. */
function checkGateNames({ environments }: Sketch): readonly Finding[] {
  return [...environments].flatMap(([name, { gateNames = [] }]) =>
    gateNames.flatMap((gate, index) => {
      const at = ['environments', name, 'gates', index]
      if (gate === compatibleName)
        return [finding(at, `is called '${gate}', as the gate of the data is, expected a name of its own`)]
      const first = gateNames.indexOf(gate)
      const text = `is called '${gate}', as gates[${first}] is, expected a name of its own`
      return gate === '' || first === index ? [] : [finding(at, text)]
    }),
  )
}

/** A release soaks in the environment before: there has to be one. */
const checkSoaks = ({ environments }: Sketch): readonly Finding[] =>
  [...environments].flatMap(([name, { after, soaks }]) =>
    soaks && after === undefined
      ? [
          finding(
            ['environments', name, 'after'],
            'is missing, expected the environment in which a release soaks',
          ),
        ]
      : [],
  )

/** Those of `plimsoll try` come and go: none of them may be there for good. */
const checkTryNames = ({ environments }: Sketch): readonly Finding[] =>
  [...environments.keys()]
    .filter((name) => /^try-\d+$/i.test(name))
    .map((name) =>
      finding(['environments', name], 'is a name that `plimsoll try` gives, expected another one'),
    )

function checkPorts({ environments }: Sketch): readonly Finding[] {
  const takenBy = new Map<number, string>()
  return [...environments].flatMap(([name, { port }]) => {
    if (port === undefined) return []
    const taken = takenBy.get(port)
    takenBy.set(port, taken ?? name)
    const text = `is ${port}, which environments.${taken} has too, expected a port of its own`
    return taken === undefined ? [] : [finding(['environments', name, 'port'], text)]
  })
}

function checkStart({ hasStart, environments }: Sketch): readonly Finding[] {
  // One in step runs where the one that it follows does.
  const [first] =
    [...environments].find(([, { target, inStepWith }]) => target === 'process' && !inStepWith) ?? []
  if (hasStart || first === undefined) return []
  const text = `is missing, expected { command: '…' }: environments.${first} has to know how an instance starts`
  return [finding(['start'], text)]
}

/** Nobody asks a worker anything, so that nothing can be split, measured or asked. */
function checkWorker({ isWorker, asked, environments }: Sketch): readonly Finding[] {
  if (!isWorker) return []
  const no = 'start.port is false, so that instances take no requests'
  return [
    ...asked.map((key) => finding(['start', key], `is given, expected none: ${no}`)),
    ...[...environments].flatMap(([name, { port, strategy, loadTest, gates = [] }]) => [
      ...(port === undefined
        ? []
        : [finding(['environments', name, 'port'], `is ${port}, expected none: ${no}`)]),
      ...(strategy === 'canary'
        ? [
            finding(
              ['environments', name, 'deploy'],
              `is a canary, expected rolling({ … }) or blueGreen({ … }): ${no}, and there is no share of them to judge by`,
            ),
          ]
        : []),
      ...(loadTest === undefined
        ? []
        : [finding(['environments', name, 'loadTest'], `is given, expected none: ${no}`)]),
      ...(gates.includes('loadLine')
        ? [
            finding(
              ['environments', name, 'gates', gates.indexOf('loadLine')],
              `is 'loadLine', expected another gate: ${no}`,
            ),
          ]
        : []),
    ]),
  ]
}

/** What only workers can do. */
const checkWorkersOnly = ({ isWorker, hasReady, environments }: Sketch): readonly Finding[] =>
  isWorker
    ? []
    : [
        ...(hasReady
          ? [finding(['start', 'ready'], 'is given, expected start.health, or start.port to be false')]
          : []),
        ...[...environments].flatMap(([name, { hasNoOverlap }]) =>
          hasNoOverlap
            ? [
                finding(
                  ['environments', name, 'deploy', 'overlap'],
                  'is false, expected true: requests would be lost in between (start.port is false where none are taken)',
                ),
              ]
            : [],
        ),
      ]

/** Counters are read from every instance, which has to say where. */
function checkMetrics({ hasStart, hasMetrics, environments }: Sketch): readonly Finding[] {
  const [name] = [...environments].find(([, { hasCounters }]) => hasCounters) ?? []
  if (!hasStart || hasMetrics || name === undefined) return []
  const text = `is missing, expected the path at which each instance tells its counters, such as '/metrics': environments.${name}.deploy is judged by counters`
  return [finding(['start', 'metrics'], text)]
}

const wantsTests = ({ gates, inStepWith }: EnvironmentSketch): boolean =>
  gates === undefined ? inStepWith === undefined : gates.includes('tests')

/** The gate `tests` can never hold when nothing runs a test. */
function checkTests({ jobs, environments }: Sketch): readonly Finding[] {
  const wanting = [...environments].find(([, environment]) => wantsTests(environment))
  if (jobs.size > 0 || !wanting) return []
  const text = `has no job, expected one that runs the tests: environments.${wanting[0]} has the gate 'tests'`
  return [finding(['pipeline'], text)]
}

/** What measures needs an objective and a place. */
function checkLoadLine({ environments, hasObjective, comparesBesideProduction }: Sketch): readonly Finding[] {
  const [gated] = [...environments].find(([, { gates = [] }]) => gates.includes('loadLine')) ?? []
  const [tested] = [...environments].find(([, { loadTest }]) => loadTest) ?? []
  if (gated === undefined && tested === undefined) return []
  const wants =
    gated === undefined
      ? `environments.${tested} has load tests`
      : `environments.${gated} has the gate 'loadLine'`
  const objective = `has no objective for latency, expected slo.latency({ … }) or load.objective: ${wants}`
  const place = `is not true, expected true, since production runs on the machine that measures: ${wants}`
  return [
    ...(hasObjective ? [] : [finding(['slos'], objective)]),
    ...(comparesBesideProduction ? [] : [finding(['load', 'besideProduction'], place)]),
  ]
}

/** Where objectives are promised, and what knows whether they are kept. */
function checkSlos({ slos, environments, probes, hasPrometheus }: Sketch): readonly Finding[] {
  const names = slos.map(({ name }) => name)
  const asked = probes.map(({ name }) => name)
  const each = slos.flatMap(({ isPromql, probe, environments: places }, i) => [
    ...(probe === undefined ? [] : checkName(['slos', i, 'probe'], probe, asked, 'probe')),
    ...places.flatMap((name, j) =>
      checkName(['slos', i, 'environments', j], name, [...environments.keys()], 'environment'),
    ),
    ...(isPromql && !hasPrometheus ? [finding(['slos', i], needsPrometheus)] : []),
  ])
  return [...checkOwnNames(['slos'], names), ...each]
}

/** A budget that nobody has cannot be kept: a gate that looks for it would let nothing through. */
function checkBudgetGates({ slos, environments }: Sketch): readonly Finding[] {
  const places = Object.fromEntries(environments)
  const promised = new Set(
    slos.flatMap(({ environments: own }) => promisedIn(own.length > 0 ? { environments: own } : {}, places)),
  )
  return [...environments].flatMap(([name, { gateKinds = [] }]) =>
    gateKinds.flatMap((kind, index) => {
      if (kind !== 'errorBudget' || promised.has(name)) return []
      const remedy =
        slos.length === 0 ? 'slos: [slo.availability({ … })]' : `an SLO with environments: ['${name}']`
      const text = `is 'errorBudget', which wants something to be promised in ${name}, expected ${remedy}`
      return [finding(['environments', name, 'gates', index], text)]
    }),
  )
}

/** Alerts go to notifiers that there are, and that can tell of alerts. */
const checkRoutes = ({ routes, notifiers, notify }: Sketch): readonly Finding[] => [
  ...checkOwnNames(['notify'], notify),
  ...routes.flatMap((to, i) =>
    to.flatMap((name, j) => checkName(['alerts', 'routes', i, 'to', j], name, notifiers, 'notifier')),
  ),
]

const needsPrometheus =
  "is asked in PromQL, which only Prometheus understands, expected slo.ratio({ … }), or watch: { prometheus: 'http://…' } where Prometheus has the series"

/** Everything that no single value shows: names that lead nowhere, circles, what is there twice or missing. */
export const crossCheck = (sketch: Sketch, knownGates: readonly string[]): readonly Finding[] => [
  ...checkJobs(sketch),
  ...checkOrder(sketch),
  ...checkGates(sketch, knownGates),
  ...checkGateNames(sketch),
  ...checkSoaks(sketch),
  ...checkPorts(sketch),
  ...checkTryNames(sketch),
  ...checkStart(sketch),
  ...checkMetrics(sketch),
  ...checkWorker(sketch),
  ...checkWorkersOnly(sketch),
  ...checkContainers(sketch),
  ...checkTests(sketch),
  ...checkLoadLine(sketch),
  ...checkInStep(sketch),
  ...checkSlos(sketch),
  ...checkBudgetGates(sketch),
  ...checkRoutes(sketch),
  ...checkWatch(sketch),
]
