import { type Random, seededRandom } from '../../src/kernel/index.ts'
import { durationText } from '../../src/series/index.ts'
import {
  type AlertWindow,
  alertWindows,
  judgeSlo,
  neededBadShare,
  ruleGroups,
} from '../../src/watch/index.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** An alert by its long window, and steps that are so coarse that nothing takes long: shorter alerts have no data. */
export const classes = [
  { longMs: hourMs, stepMs: 60_000 },
  { longMs: 6 * hourMs, stepMs: 600_000 },
  { longMs: dayMs, stepMs: 900_000 },
  { longMs: 3 * dayMs, stepMs: 2_400_000 },
] as const
export type Class = (typeof classes)[number]

const lowTraffic = { bad: 5, chance: 0.01, coverage: 0.5 }
const objectives = [0.9, 0.99, 0.999, 0.9999]
const promises = [7, 28, 30].flatMap((days) =>
  objectives.map((objective) => ({
    kind: 'availability' as const,
    name: 'availability',
    objective,
    window: days * dayMs,
    lowTraffic,
    service: `s-${days}-${String(objective).slice(2)}`,
  })),
)
type Promise_ = (typeof promises)[number]

/** What a service has answered up to each step. */
type Counters = { readonly total: readonly number[]; readonly bad: readonly number[] }

export type Story = Promise_ & {
  readonly counters: Counters
  /** Steps at which the alert of the class begins and ends, as our evaluator has it; empty: it never fires. */
  readonly fires: readonly number[]
  readonly clears: readonly number[]
}

/** Traffic with its ups and downs, which fails for a while; the last value is that of the last step. */
function count(random: Random, { stepMs, longMs }: Class, window: AlertWindow, objective: number): Counters {
  const needed = neededBadShare(window, objective)
  const factor = 2.5 + 3.5 * random.next()
  const failing = Math.min(1, needed * factor)
  const before = Math.ceil((0.55 * longMs) / stepMs)
  const until = before + Math.ceil((longMs * Math.min(1, needed / failing) * 1.4) / stepMs) + 4
  const steps = until + Math.ceil((window.shortMs * 1.1) / stepMs) + 3
  const usual = (1 - objective) * 0.2 * random.next()
  const total = [0]
  const bad = [0]
  for (let step = 1; step <= steps; step++) {
    const wave = 1 + 0.15 * Math.sin((2 * Math.PI * step * stepMs) / dayMs)
    const requests = Math.round(stepMs * wave * (0.9 + 0.2 * random.next()))
    const share = step > before && step <= until ? failing : usual
    const wrong = Math.min(requests, Math.round(requests * share * (0.95 + 0.1 * random.next())))
    total.push((total.at(-1) ?? 0) + requests)
    bad.push((bad.at(-1) ?? 0) + wrong)
  }
  return { total, bad }
}

/** The value of a counter between two steps. */
function valueAt(values: readonly number[], step: number): number {
  const low = Math.max(0, Math.floor(step))
  const [a = 0, b = a] = [values[low], values[low + 1]]
  return step <= 0 ? 0 : a + (b - a) * (step - low)
}

/** Whether our evaluator tells of the class's alert at a step. A window shorter than a step has nothing in it. */
function isTold(slo: Promise_, { total, bad }: Counters, { stepMs, longMs }: Class, step: number): boolean {
  const { alerts } = judgeSlo(slo, (lengthMs) => {
    const from = step - lengthMs / stepMs
    if (lengthMs < stepMs) return { bad: 0, total: 0, coverage: 0 }
    const within = (values: readonly number[]) => valueAt(values, step) - valueAt(values, from)
    return { bad: within(bad), total: within(total), coverage: Math.min(1, (step * stepMs) / lengthMs) }
  })
  return alerts.some(
    ({ window, quiet, isSuppressed }) => window.longMs === longMs && quiet === undefined && !isSuppressed,
  )
}

/** What each promise goes through in a class, and when our evaluator tells of it. */
export function storiesOf(kind: Class, seed: number): readonly Story[] {
  return promises.map((slo) => {
    const random = seededRandom(seed).fork(`${slo.service}/${kind.longMs}`)
    const window = alertWindows(slo.window).find(({ longMs }) => longMs === kind.longMs) as AlertWindow
    const counters = count(random, kind, window, slo.objective)
    const told = counters.total.map((_, step) => isTold(slo, counters, kind, step))
    const changes = (to: boolean) =>
      told.flatMap((now, step) => (now === to && step > 0 && told[step - 1] !== to ? [step] : []))
    return { ...slo, counters, fires: changes(true), clears: changes(false) }
  })
}

/** The windows of a class's alert, and of those that come sooner and may suppress it; an hour is always looked at. */
const windowsOf = ({ longMs }: Class): ReadonlySet<string> => {
  const sooner = alertWindows(dayMs).filter((window) => window.longMs <= longMs)
  const lengths = [hourMs, 300_000, ...sooner.flatMap((window) => [window.longMs, window.shortMs])]
  return new Set(lengths.map(durationText))
}

/** The rules that matter in a class; those of the budget look at the whole period each time, and alert nobody. */
export function rulesOf(stories: readonly Story[], kind: Class) {
  const windows = windowsOf(kind)
  const groups = stories.flatMap((slo) => {
    const [alerts] = ruleGroups(slo, { service: slo.service, environment: 'production' })
    return alerts ? [alerts] : []
  })
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.filter((rule) => {
        const window = 'alert' in rule ? rule.labels.window : /\d+[mhd]$/.exec(rule.record)?.[0]
        return window === undefined || windows.has(window)
      }),
    })),
  }
}

const textOf = (stepMs: number, steps: number): string => `${(stepMs / 1_000) * steps}s`

/** What Prometheus is to say, a step either side of what our evaluator said. */
function expectations({ service, fires, clears }: Story, { stepMs, longMs }: Class, last: number) {
  const expr = `count(ALERTS{alertstate="firing",service_name="${service}",window="${durationText(longMs)}"}) or vector(0)`
  const at = (step: number, value: number) => ({
    expr,
    eval_time: textOf(stepMs, step),
    exp_samples: [{ labels: '{}', value }],
  })
  if (fires.length === 0) return [at(Math.floor(last / 2), 0), at(last, 0)]
  return [
    ...fires.flatMap((step) => [at(step - 2, 0), at(step + 1, 1)]),
    ...clears.flatMap((step) => [at(step - 2, 1), at(step + 1, 0)]),
  ]
}

/** A file for `promtool test rules`. */
export function testFile(stories: readonly Story[], kind: Class, ruleFile: string) {
  const step = textOf(kind.stepMs, 1)
  return {
    rule_files: [ruleFile],
    evaluation_interval: step,
    tests: [
      {
        interval: step,
        input_series: stories.flatMap(({ service, counters: { total, bad } }) => {
          const of = (outcome: string, values: readonly number[]) => ({
            series: `plimsoll_gateway_requests_total{service_name="${service}",deployment_environment_name="production",outcome="${outcome}"}`,
            values: values.join(' '),
          })
          return [
            of(
              'ok',
              total.map((all, i) => all - (bad[i] ?? 0)),
            ),
            of('server_error', bad),
          ]
        }),
        promql_expr_test: stories.flatMap((story) =>
          expectations(story, kind, story.counters.total.length - 1),
        ),
      },
    ],
  }
}
