import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, formatDuration } from '../../kernel/index.ts'
import {
  constant,
  formatMoment,
  formatRate,
  isHere,
  type LineGoal,
  type LineResult,
  type LineSearch,
  type LineState,
  type LineStep,
  type LocatedLine,
  parseGoal,
  renderLineHtml,
  renderLineMarkdown,
  renderLineText,
  type Script,
  searchLoadLine,
  thisPlace,
} from '../../load/index.ts'
import { type Command, type Input, type Io, jsonOption } from '../command.ts'
import { createLive } from '../live.ts'
import { mark } from '../marks.ts'
import { loadOptions, readPlan, readScript } from './load-options.ts'
import { createReader, type Reader } from './load-reader.ts'
import { readReports, reportOption, type Writers } from './load-reports.ts'

const verdictExit: Readonly<Record<LineResult['verdict'], ExitCode>> = {
  found: exit.yes,
  atLeast: exit.yes,
  below: exit.no,
  inconclusive: exit.unknown,
}

const usualGoal: LineGoal = { quantile: 0.99, belowMs: 250 }

/** `p99<250ms`: a quantile of the response time of all requests, and nothing else. */
export function readGoal(text: string | undefined, problems: Reader['problems']): LineGoal {
  if (text === undefined) {
    problems.push({
      at: '--slo',
      text: "--slo is missing: say what a good answer is, such as --slo 'p99<250ms'",
    })
    return usualGoal
  }
  const goal = parseGoal(text)
  if (goal) return goal
  problems.push({ at: '--slo', text: `${text} is no objective for a load line: write it like p99<250ms` })
  return usualGoal
}

async function readSearch(input: Input, io: Io): Promise<LineSearch> {
  const reader = createReader(input)
  const { target, script } = await readScript(input, io, reader)
  const goal = readGoal(reader.text('slo'), reader.problems)
  const expected = reader.number('expected')
  const [min, max] = [reader.number('min') ?? 10, reader.number('max') ?? 20_000]
  if (min >= max) reader.problems.push({ text: `--min ${min} is not below --max ${max}` })
  const trialMs = reader.duration('trial', 12_000)
  if (trialMs < 1_000)
    reader.problems.push({ at: '--trial', text: '--trial is less than 1s, which shows nothing' })
  const budgetMs = reader.duration('budget', 480_000)
  const plan = readPlan(
    script,
    { model: 'open', stages: constant(max, 1), arrivals: 'poisson' },
    0,
    input,
    reader,
  )
  reader.check()
  return {
    target,
    plan,
    options: {
      goal,
      minPerSecond: min,
      maxPerSecond: max,
      trialMs,
      // A shorter trial settles and is confirmed for less time, too.
      settleMs: Math.min(2_000, trialMs / 2),
      confirmMs: 5 * trialMs,
      budgetMs,
      seed: plan.seed,
      ...(expected === undefined ? {} : { expectedPerSecond: expected }),
    },
  }
}

const doing: Readonly<Record<LineStep['is'], string>> = {
  warmUp: 'warming up',
  closed: 'looking for the order of magnitude',
  open: 'trying',
  confirm: 'confirming',
}

function describe(step: LineStep, state: LineState): string {
  const load = step.is === 'closed' ? `${step.users} users` : formatRate(step.ratePerSecond)
  const { spentMs, plan } = state
  return `${doing[step.is]} ${load}; ${formatDuration(Math.round(spentMs))} of ${formatDuration(plan.budgetMs)}`
}

/** A line for each trial that ended; what goes on is in the window. */
function createScreen(io: Io) {
  const live = createLive(io.stderr, realClock)
  let told = 0
  return {
    show(step: LineStep, state: LineState): void {
      for (const trial of state.trials.slice(told)) {
        const standing = trial.verdict === 'pass' ? 'passed' : 'failed'
        live.say(`${mark(standing, io.stderr)}  ${formatRate(trial.ratePerSecond)}: ${trial.because}`)
      }
      told = state.trials.length
      live.show([`${mark('running', io.stderr)}  ${describe(step, state)}`])
    },
    end: live.end,
  }
}

const writers: Writers<LocatedLine> = {
  '.html': (line) => renderLineHtml(line, line.target, formatMoment(line.startedAt)),
  '.md': (line) => renderLineMarkdown(line, line.target),
  '.json': (line) => `${JSON.stringify(line, null, 2)}\n`,
}

/** Where the service runs, by the addresses that are asked. */
function whereIs(script: Script): LocatedLine['place']['service'] {
  const urls =
    script.is === 'requests'
      ? script.requests.map(({ url }) => url)
      : script.baseUrl === undefined
        ? []
        : [script.baseUrl]
  return urls.length > 0 && urls.every(isHere) ? 'on this machine' : 'elsewhere'
}

export const loadLine: Command = {
  name: 'load line',
  summary: 'searches the highest rate at which an address or a scenario still meets an objective',
  examples: [
    "plimsoll load line http://127.0.0.1:8080/ --slo 'p99<250ms'",
    "plimsoll load line checkout.load.ts --slo 'p99<1s' --budget 4m --report line.html",
  ],
  positionals: 'URL... | FILE',
  options: {
    slo: {
      type: 'string',
      value: "'p99<250ms'",
      description: 'the objective: a quantile of the response time',
    },
    min: { type: 'string', value: 'N', description: 'least rate to try (default 10)' },
    max: { type: 'string', value: 'N', description: 'highest rate to try (default 20000)' },
    expected: { type: 'string', value: 'N', description: 'what it probably carries; saves time' },
    trial: { type: 'string', value: '12s', description: 'how long one rate is tried (default 12s)' },
    budget: { type: 'string', value: '8m', description: 'for the whole search (default 8m)' },
    ...loadOptions,
    report: reportOption('.html, .md or .json'),
    json: jsonOption,
  },
  async run(input, io) {
    const startedAt = realClock.now()
    const writeReports = readReports(input, io, writers)
    const search = await readSearch(input, io)
    const screen = createScreen(io)
    const found = await searchLoadLine(search, {
      onStep: screen.show,
      ...(io.signal ? { signal: io.signal } : {}),
    }).finally(screen.end)
    if ('is' in found) return exit.interrupted
    const place = { ...thisPlace(), service: whereIs(search.plan.script) }
    const result: LocatedLine = { ...found, target: search.target, startedAt, place }
    await writeReports(result)
    const { colour, ascii, columns } = io.stdout
    io.stdout.write(
      input.values.json === true
        ? `${JSON.stringify(result)}\n`
        : renderLineText(result, search.target, { colour, ascii, width: columns }),
    )
    return verdictExit[result.verdict]
  },
}
