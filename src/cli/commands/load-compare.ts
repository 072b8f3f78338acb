import { servicesView } from '../../contract/index.ts'
import { realClock } from '../../host/index.ts'
import { exit, formatDuration, PlimsollError } from '../../kernel/index.ts'
import {
  type Comparison,
  type ComparisonEvidence,
  type ComparisonRun,
  type ComparisonState,
  constant,
  defaultCompareOptions,
  evidenceOf,
  renderComparisonMarkdown,
  renderComparisonText,
  runComparison,
} from '../../load/index.ts'
import { type Command, type Input, type Io, jsonOption } from '../command.ts'
import { connect } from '../connect.ts'
import { createLive } from '../live.ts'
import { mark } from '../marks.ts'
import { verdictExit } from './load.ts'
import { type ConfiguredLoad, configuredLoad } from './load-configured.ts'
import { readGoal } from './load-line.ts'
import { loadOptions, readPlan, readScript } from './load-options.ts'
import { createReader, type Reader } from './load-reader.ts'
import { readReports, reportOption, type Writers } from './load-reports.ts'
import { type NamedSide, readSides } from './load-sides.ts'

type Sides = { readonly base: NamedSide; readonly change: NamedSide }

/**
 * A release that serves people shares its machine with no comparison. Production is what has instances and nobody after
 * it.
 * @throws PLM_LOAD_PRODUCTION
 */
async function refuseBesideProduction(input: Input, io: Io): Promise<void> {
  if (input.values['beside-production'] === true) return
  const client = await connect(input, io)
  const seen = await client.get('/api/services', servicesView).catch((error: unknown) => {
    if (error instanceof PlimsollError && error.code === 'PLM_SERVER_UNREACHABLE') return undefined
    throw error
  })
  const serving = (seen?.services ?? []).flatMap(({ name, environments }) =>
    environments
      .filter((one) => one.instances.ready > 0 && !environments.some(({ after }) => after === one.name))
      .map((one) => `${one.name} of ${name} runs here, in ${one.instances.ready} instances`),
  )
  if (serving.length > 0)
    throw new PlimsollError(
      'PLM_LOAD_PRODUCTION',
      serving.map((text) => ({ text })),
    )
}

/** A path, an address or the file of a scenario: as the command line says, or the configuration. */
const sentBy = ({ positionals }: Input, { sends = '/' }: ConfiguredLoad): string => positionals[0] ?? sends

const needsCap = ({ base, change }: Sides): boolean =>
  base.side.is === 'address' || change.side.is === 'address'

async function readRun(
  input: Input,
  io: Io,
  reader: Reader,
  sides: Sides,
  configured: ConfiguredLoad,
): Promise<ComparisonRun> {
  // A path, a whole address or a scenario: what is sent, whatever its host.
  const what = sentBy(input, configured)
  const target = what.startsWith('/') ? `http://127.0.0.1${what}` : what
  const { script } = await readScript({ ...input, positionals: [target] }, io, reader)
  const goal = readGoal(reader.text('slo') ?? configured.objective, reader.problems)
  const cap = reader.number('production')
  const budgetMs = reader.duration('budget', configured.budgetMs ?? defaultCompareOptions.budgetMs)
  const seed = reader.number('seed', 'whole, above 0') ?? 1
  const { margins } = defaultCompareOptions
  const { margin: loadLine = margins.loadLine } = configured
  const load = { model: 'open', stages: constant(1, 1), arrivals: 'poisson' } as const
  const plan = readPlan(script, load, 0, input, reader)
  reader.check()
  return {
    base: sides.base.side,
    change: sides.change.side,
    plan,
    goal,
    options: { ...defaultCompareOptions, margins: { ...margins, loadLine }, budgetMs, seed },
    ...(cap !== undefined && needsCap(sides) ? { mostPerSecond: cap } : {}),
  }
}

function createScreen(names: { readonly base: string; readonly change: string }, budgetMs: number, io: Io) {
  const live = createLive(io.stderr, realClock)
  const running = mark('running', io.stderr)
  live.show([`${running}  ${names.change} beside ${names.base}: getting to know ${names.base}`])
  return {
    show({ rounds }: ComparisonState, elapsedMs: number): void {
      const last = rounds.at(-1)
      const carried = last
        ? `; the last: ${Math.round(last.base.carriesPerSecond)}/s and ${Math.round(last.change.carriesPerSecond)}/s`
        : ''
      const void_ = last?.void === undefined ? '' : ` (does not count: ${last.void})`
      live.show([
        `${running}  ${names.change} beside ${names.base}: round ${rounds.length + 1}, ${formatDuration(Math.round(elapsedMs))} of ${formatDuration(budgetMs)}${carried}${void_}`,
      ])
    },
    end: live.end,
  }
}

const writers: Writers<{ evidence: ComparisonEvidence; result: Comparison; sides: Sides }> = {
  '.md': ({ result, sides }) =>
    renderComparisonMarkdown(result, { base: sides.base.name, change: sides.change.name }),
  '.json': ({ evidence }) => `${JSON.stringify(evidence, null, 2)}\n`,
}

export const loadCompare: Command = {
  name: 'load compare',
  summary: 'compares what two releases carry, side by side on this machine',
  examples: [
    'plimsoll load compare --base main',
    "plimsoll load compare /payments --base v1.2 --change . --start 'node server.js' --slo 'p99<250ms'",
  ],
  positionals: '[PATH|FILE]',
  options: {
    base: {
      type: 'string',
      value: 'REF',
      description: 'what to compare with: a commit, a folder or an address',
    },
    change: { type: 'string', value: 'REF', description: 'what is compared (default: the working tree)' },
    start: {
      type: 'string',
      value: 'COMMAND',
      description: 'starts an instance (default: as plimsoll.config.ts says)',
    },
    build: {
      type: 'string',
      value: 'COMMAND',
      description: 'makes a commit that was checked out ready to start',
    },
    prepare: {
      type: 'string',
      value: 'COMMAND',
      description: 'before each start: resets and seeds what an instance depends on (default: load.prepare)',
    },
    health: { type: 'string', value: '/PATH', description: 'answers below 400 when an instance is ready' },
    slo: {
      type: 'string',
      value: "'p99<250ms'",
      description: 'the objective (default: load.objective or slo.latency of plimsoll.config.ts)',
    },
    budget: {
      type: 'string',
      value: '5m',
      description: 'for the whole comparison (default: load.budget, or 5m)',
    },
    production: {
      type: 'string',
      value: 'N',
      description: 'allows an address that is not on this machine, with at most N requests a second',
    },
    'beside-production': { type: 'boolean', description: 'compare although production runs on this machine' },
    ...loadOptions,
    report: reportOption('.md or .json'),
    json: jsonOption,
  },
  async run(input, io) {
    const writeReports = readReports(input, io, writers)
    const reader = createReader(input)
    await refuseBesideProduction(input, io)
    const startedAt = realClock.now()
    const configured = await configuredLoad(io)
    const { base, change, clean } = await readSides(io, reader, configured)
    const sides = { base, change }
    const names = { base: base.name, change: change.name }
    try {
      const run = await readRun(input, io, reader, sides, configured)
      const screen = createScreen(names, run.options.budgetMs, io)
      const end = await runComparison(run, {
        onRound: screen.show,
        ...(io.signal ? { signal: io.signal } : {}),
      }).finally(screen.end)
      if (end.is === 'interrupted') return exit.interrupted
      const result = end.comparison
      const evidence = evidenceOf(end, {
        ...sides,
        sends: sentBy(input, configured),
        objective: `p${run.goal.quantile * 100}<${run.goal.belowMs}ms`,
        startedAt,
        besideProduction: input.values['beside-production'] === true,
      })
      await writeReports({ evidence, result, sides })
      io.stdout.write(
        input.values.json === true ? `${JSON.stringify(evidence)}\n` : renderComparisonText(result, names),
      )
      return verdictExit[result.verdict]
    } finally {
      await clean()
    }
  },
}
