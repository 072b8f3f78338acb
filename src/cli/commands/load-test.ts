import { type Change, commitWorkingTree, findCommit, snapshotWorkingTree } from '../../changes/index.ts'
import { readConfig } from '../../config/read.ts'
import { type LoadTestView, loadTestAnswer, loadTestPlan, loadTestView } from '../../contract/index.ts'
import { gateNames } from '../../flow/gates.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io, Screen } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { createLive } from '../live.ts'
import { renderLoadTestPlan } from '../load-test-screen.ts'
import { mark } from '../marks.ts'
import { askPatiently } from '../patience.ts'
import { findPlace, here, type Place } from '../place.ts'
import { pushForServer } from '../push-trial.ts'

const exits: Readonly<Record<LoadTestView['standing'], ExitCode>> = {
  passed: exit.yes,
  failed: exit.no,
  cancelled: exit.no,
  skipped: exit.no,
  inconclusive: exit.unknown,
  waiting: exit.unknown,
  running: exit.unknown,
}

/** Of a release that was brought: whether that counts, but for what, and what became of what ran before. */
function guestLines({ guest, doubts, counts }: LoadTestView): string {
  if (!guest) return ''
  const why = doubts.length > 0 ? `does not count: ${doubts.join('; ')}` : 'counts: in step'
  const butFor = guest.butFor.length > 0 ? `, but for what comes with it: ${guest.butFor.join('; ')}` : ''
  const said = counts === undefined ? '' : `  ${why}${doubts.length > 0 ? '' : butFor}\n`
  return `${said}  ${guest.text}\n`
}

/** How it ended, what did not go as it should, and where to read more. */
function renderLoadTest(view: LoadTestView, screen: Screen): string {
  const { standing, id, release, change, text: said, place, rail } = view
  const name = release ? `${release.short} ${release.subject}`.trim() : change?.subject
  const wrong = rail.flatMap(({ title, because }) =>
    because === undefined ? [] : [`  ${title}: ${because}\n`],
  )
  const where = place === undefined ? '' : `  in ${place}\n`
  const built = change && !release ? `  plimsoll logs ${change.run}\n` : ''
  const next = built === '' ? `  plimsoll logs ${id}\n` : built
  return `${mark(standing, screen)}  ${name ?? view.environment}: ${said}\n${where}${guestLines(view)}${wrong.join('')}${next}`
}

/** The step that goes on, and what it waits for or how far it is. */
function currentLine(view: LoadTestView): { readonly title: string; readonly more: string } {
  const current = view.rail.findLast(({ standing }) => standing === 'running')
  const more = view.progress ?? current?.because
  return { title: current?.title ?? view.text, more: more === undefined ? '' : ` – ${more}` }
}

/** A server that is started again meanwhile is waited for. */
const awayMs = 30_000

async function follow(client: Client, id: string, io: Io): Promise<LoadTestView> {
  const live = createLive(io.stderr, realClock)
  let told = ''
  try {
    for (;;) {
      const view = await askPatiently(
        () => client.get(`/api/load-tests/${encodeURIComponent(id)}`, loadTestView),
        awayMs,
      )
      if (view.endedAt !== undefined) return view
      const { title, more } = currentLine(view)
      const line = `${mark('running', io.stderr)}  ${title}`
      if (title !== told) live.say(line)
      told = title
      live.show([`${line}${more}`])
      await realClock.until(realClock.now() + 500, io.signal)
      if (io.signal?.aborted) throw new PlimsollError('PLM_USAGE', 'interrupted; the load test goes on')
    }
  } finally {
    live.end()
  }
}

/** What is measured instead of what is live; at most one of them. */
const others = ['release', 'branch', 'working-tree'] as const

function mustBeOne({ values }: Input): void {
  const given = others.filter((name) => values[name] !== undefined)
  if (given.length > 1)
    throw new PlimsollError('PLM_USAGE', `give one of ${given.map((name) => `--${name}`).join(' and ')}`)
  const isChange = given[0] === 'branch' || given[0] === 'working-tree'
  if (values['without-checks'] === true && !isChange)
    throw new PlimsollError('PLM_USAGE', '--without-checks is for --branch and --working-tree')
}

type Measured = { readonly change: Change; readonly commit: string }

/** The change that is to be measured, as it lies in this folder; undefined when it is none. */
async function readMeasured({ values }: Input, folder: string): Promise<Measured | undefined> {
  const branch = text(values.branch)
  if (branch !== undefined) {
    const change = await findCommit(folder, branch)
    return { change, commit: change.id }
  }
  if (values['working-tree'] !== true) return undefined
  const change = await snapshotWorkingTree(folder, realClock.now())
  return { change, commit: await commitWorkingTree(folder, change) }
}

/** The environment that is named; a change is one of the service in this folder. */
async function placeOf(client: Client, input: Input, io: Io, isChange: boolean): Promise<Place> {
  if (!isChange) return findPlace(client, input.positionals)
  const { config } = await readConfig({ folder: io.cwd, gates: gateNames })
  const [first, second] = input.positionals
  const words =
    second !== undefined || first === config.service
      ? input.positionals
      : [config.service, ...input.positionals]
  const place = await findPlace(client, words)
  if (place.service.name === config.service) return place
  throw new PlimsollError('PLM_USAGE', `this folder is of ${config.service}, not of ${place.service.name}`)
}

/** What the server is to measure; a change is pushed to where it finds it. */
async function wishOf(input: Input, io: Io, place: Place, measured: Measured | undefined): Promise<object> {
  const release = text(input.values.release)
  if (!measured) return release === undefined ? {} : { release }
  const { change, commit } = measured
  const name = await pushForServer(io.cwd, input, io, place.service.name, commit)
  const checks = input.values['without-checks'] === true ? 'skip' : 'run'
  return { change: { name, commit, ref: `refs/tries/${name}`, branch: change.branch, checks } }
}

const addressOf = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/load-tests`

type Asked = { readonly size?: string; readonly instances?: number }

/** With which instances; the server reads what a size means. @throws PLM_USAGE */
function instancesOf({ values }: Input): Asked {
  const [size, count] = [text(values.size), text(values.instances)]
  const instances = Number(count)
  if (count !== undefined && !(Number.isInteger(instances) && instances >= 1))
    throw new PlimsollError('PLM_USAGE', `--instances is ${count}, expected a whole number from 1 on`)
  return { ...(size === undefined ? {} : { size }), ...(count === undefined ? {} : { instances }) }
}

/** What is built of a change, in words. */
function buildsOf({ values }: Input): string | undefined {
  return text(values.branch) ?? (values['working-tree'] === true ? 'this working tree' : undefined)
}

async function tellPlan(client: Client, input: Input, io: Io, asked: Asked): Promise<ExitCode> {
  const builds = buildsOf(input)
  const place = await placeOf(client, input, io, builds !== undefined)
  const release = text(input.values.release)
  const query = Object.entries({ ...asked, ...(release ? { release } : {}), ...(builds ? { builds } : {}) })
  const search = new URLSearchParams(query.map(([key, value]) => [key, String(value)]))
  const plan = await client.get(`${addressOf(place)}/plan?${search}`, loadTestPlan)
  io.stdout.write(input.values.json ? `${JSON.stringify(plan)}\n` : renderLoadTestPlan(plan, io.stdout))
  return plan.reasons.length === 0 ? exit.yes : exit.no
}

function acceptedText(
  { loadTest, run }: { loadTest: string; run?: string | undefined },
  place: Place,
): string {
  if (run === undefined) return `${loadTest} was accepted: ${here(place)} is measured when its turn comes\n`
  return `${loadTest} was accepted: what ${run} builds is measured in ${here(place)} when its turn comes\n`
}

export const loadTest: Command = {
  name: 'load test',
  summary: 'measures what runs in an environment, or another release in its place, and leaves it as it was',
  examples: ['plimsoll load test perf', "plimsoll load test perf --size 'cpus 1, memory 512MiB' --dry-run"],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    release: { type: 'string', value: 'R', description: 'measures this release; what ran before comes back' },
    branch: {
      type: 'string',
      value: 'BRANCH | COMMIT',
      description: 'measures what its pipeline builds; what ran before comes back',
    },
    'working-tree': { type: 'boolean', description: 'measures this working tree in the same way' },
    'without-checks': {
      type: 'boolean',
      description: 'leaves out jobs that hand nothing on, such as tests: only what is built counts',
    },
    size: {
      type: 'string',
      value: 'SIZE',
      description: "with instances of this size: 'cpus 1, memory 512MiB'; its load line is one of that size",
    },
    instances: { type: 'string', value: 'N', description: 'with so many instances' },
    reason: { type: 'string', value: 'TEXT', description: 'why; kept with the load test' },
    'dry-run': { type: 'boolean', description: 'say what would be started and what it costs; do nothing' },
    'no-wait': { type: 'boolean', description: 'return as soon as it is accepted' },
  },
  async run(input, io) {
    mustBeOne(input)
    const asked = instancesOf(input)
    const client = await connect(input, io)
    if (input.values['dry-run']) return tellPlan(client, input, io, asked)
    const measured = await readMeasured(input, io.cwd)
    const place = await placeOf(client, input, io, measured !== undefined)
    const reason = text(input.values.reason)
    const wish = {
      ...(await wishOf(input, io, place, measured)),
      ...asked,
      ...(reason === undefined ? {} : { reason }),
    }
    const send = () => client.send('POST', addressOf(place), wish, loadTestAnswer)
    const answer = await (measured ? askPatiently(send) : send())
    if (input.values['no-wait']) {
      io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : acceptedText(answer, place))
      return exit.yes
    }
    const view = await follow(client, answer.loadTest, io)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderLoadTest(view, io.stdout))
    return exits[view.standing]
  },
}
