/**
 * What a `plimsoll.config.ts` imports: `import { canary, defineConfig, sh, secret, slo } from 'plimsoll'`.
 * Nothing here does anything but build plain data, so that a configuration can be read without running more.
 */
import type { ServiceInput } from './schema.ts'

type Job = NonNullable<ServiceInput['pipeline']>[string]
type Step = Job['steps'][number]
type Migrate = NonNullable<ServiceInput['migrate']>
type Environment = NonNullable<ServiceInput['environments']>[string]
type Strategy = NonNullable<Environment['deploy']>
type Rolling = Extract<Strategy, { strategy: 'rolling' }>
type BlueGreen = Extract<Strategy, { strategy: 'blueGreen' }>
type Canary = Extract<Strategy, { strategy: 'canary' }>
type Counter = NonNullable<Canary['counters']>[number]
type Gate = Exclude<NonNullable<Environment['gates']>[number], string>
type Freeze = Extract<Gate, { kind: 'freeze' }>
type SignOff = Extract<Gate, { kind: 'signOff' }>
type Soak = Extract<Gate, { kind: 'soak' }>
type ErrorBudget = Extract<Gate, { kind: 'errorBudget' }>
type CommandGate = Extract<Gate, { kind: 'command' }>
type Webhook = NonNullable<ServiceInput['notify']>[number]
type Probe = NonNullable<ServiceInput['probes']>[number]
type ProbeOf<K extends Probe['kind']> = Omit<Extract<Probe, { kind: K }>, 'kind' | 'name'>
type Slo = NonNullable<ServiceInput['slos']>[number]
type Availability = Extract<Slo, { kind: 'availability' }>
type Latency = Extract<Slo, { kind: 'latency' }>
type Ratio = Extract<Slo, { kind: 'ratio' }>
type ProbeSlo = Extract<Slo, { kind: 'probe' }>
type Promql = Extract<Slo, { kind: 'promql' }>

/** What `defineConfig` takes: everything but `service` has a default. */
export type { ServiceInput }

/** A secret by name. The configuration never holds its value. */
export type Secret = { secret: string }

/**
 * Describes a service: how it is built and tested, how it starts, and where it runs.
 * Returns what it is given; it is there so that editors help, and `plimsoll check` checks the rest.
 *
 * @example
 * import { defineConfig, rolling, sh } from 'plimsoll'
 *
 * export default defineConfig({
 *   service: 'payments',
 *   start: { command: 'node server.js', port: 'PORT', health: '/healthcheck' },
 *   pipeline: { test: { steps: [sh('npm ci'), sh('npm test')] } },
 *   environments: {
 *     staging: {},
 *     production: { after: 'staging', instances: 3, deploy: rolling({ bake: '30s' }) },
 *   },
 * })
 */
export const defineConfig = (config: ServiceInput): ServiceInput => config

/**
 * One step of a job: a command that `sh -eu` runs in the job's working directory.
 * `timeout` is a duration (`'90s'`, default 10 minutes) and `retries` how often it is tried again (default 0);
 * every try is shown. Of `migrate` alone, `oldestCompatible` is the oldest commit whose release still works with the
 * data afterwards: nothing older comes into an environment where it ran.
 *
 * @example
 * import { secret, sh } from 'plimsoll'
 *
 * const steps = [
 *   sh('npm ci'),
 *   sh('npm test', { name: 'unit tests', timeout: '5m', env: { NODE_ENV: 'test' } }),
 *   sh('./publish-report', { retries: 2, env: { REPORT_KEY: secret('REPORT_KEY') } }),
 * ]
 */
export const sh = (
  run: string,
  options: Omit<Step, 'run'> & Pick<Migrate, 'oldestCompatible'> = {},
): Step & Pick<Migrate, 'oldestCompatible'> => ({ run, ...options })

/**
 * A rolling deployment: `surge` new instances at a time (default 1) come before old ones go, never fewer than
 * before; then the new fleet alone must stay healthy for `bake` (a duration, default 0). Of workers, which take no
 * requests, the old ones go first with `overlap: false`: never two versions at once.
 *
 * @example
 * import { rolling } from 'plimsoll'
 *
 * const deploy = rolling({ surge: 2, bake: '1m' })
 */
export const rolling = (options: Omit<Rolling, 'strategy'> = {}): Rolling => ({
  strategy: 'rolling',
  ...options,
})

/**
 * All new instances beside the old ones, then all requests at once. The old ones stay, so that everything can go back
 * at once, until the new ones alone have stayed healthy for `bake` (a duration, default 1 minute).
 *
 * @example
 * import { blueGreen } from 'plimsoll'
 *
 * const deploy = blueGreen({ bake: '5m' })
 */
export const blueGreen = (options: Omit<BlueGreen, 'strategy'> = {}): BlueGreen => ({
  strategy: 'blueGreen',
  ...options,
})

/**
 * A canary: all new instances beside the old ones, then more and more of the requests, judged against the live
 * version all the while. Shares and times are planned from the traffic, to find a release that fails `find` of its
 * requests (default 0.05). It is rolled back as soon as it is worse (chance of a false alarm `alpha`, default 0.001),
 * and goes on when it was watched for `watch` (default 5 minutes) and nothing speaks against it. Without a verdict by
 * `deadline` it is inconclusive, and `inconclusive` says whether it goes back or is held for a person.
 *
 * @example
 * import { canary } from 'plimsoll'
 *
 * const deploy = canary({ watch: '10m', inconclusive: 'hold' })
 */
export const canary = (options: Omit<Canary, 'strategy'> = {}): Canary => ({ strategy: 'canary', ...options })

/**
 * A counter of the team's own by which a canary is judged: of those that `among` counts, `of` counts some, and more of
 * them are worse (or fewer, with `worse: 'fewer'`). Both are counters that every instance tells at `start.metrics`, as
 * `name` or `name{label="value"}`. Either side must have counted `atLeast` (default 100) before the release passes.
 *
 * @example
 * import { canary, counter } from 'plimsoll'
 *
 * const deploy = canary({
 *   counters: [counter('declined payments', { of: 'payments_total{outcome="declined"}', among: 'payments_total' })],
 * })
 */
export const counter = (name: string, options: Omit<Counter, 'name'>): Counter => ({ name, ...options })

/**
 * A gate: people sign a release off for the environment, with `plimsoll sign-off`. `by` are names of tokens (anybody's
 * when not given), `count` how many are needed (default 1). Whoever pushed or wrote the change does not count unless
 * `notAuthor` is false. A sign-off counts for `expires`, and is waited for as long as `within` (durations, default 7 d).
 *
 * @example
 * import { signOff } from 'plimsoll'
 *
 * const gates = ['tests', signOff({ by: ['ada', 'grace'], count: 1 })]
 */
export const signOff = (options: Omit<SignOff, 'kind'> = {}): SignOff => ({ kind: 'signOff', ...options })

/**
 * A gate: nothing new comes while one of the windows is open, in local time of `timeZone` (IANA). What meets one waits
 * until it ends; `calendar` names a file of the repository whose events (iCalendar) are windows, too. What a person calls a fix (`--fix "INC-12: …"`) goes through unless `exempt` is `'nothing'`.
 *
 * @example
 * import { freeze } from 'plimsoll'
 *
 * const calendar = freeze({
 *   timeZone: 'Europe/London',
 *   windows: ['fri 16:00 – mon 08:00', { when: '2026-12-19 00:00 – 2027-01-04 08:00', reason: 'Christmas' }],
 * })
 */
export const freeze = (options: Omit<Freeze, 'kind'>): Freeze => ({ kind: 'freeze', ...options })

/**
 * A gate: the release has run in the environment before (`after`) for so long (a duration), without a rollback and
 * without a crash.
 *
 * @example
 * import { soak } from 'plimsoll'
 *
 * const gates = ['tests', soak('24h')]
 */
export const soak = (duration: Soak['for'], options: Omit<Soak, 'kind' | 'for'> = {}): Soak => ({
  kind: 'soak',
  for: duration,
  ...options,
})

/**
 * A gate: of each error budget of the environment (see `slos`) at least the share `below` (default 0.1) is left. What a
 * person calls a fix (`--fix "INC-12: …"`) goes through unless `allow` is `'nothing'`.
 *
 * @example
 * import { errorBudget } from 'plimsoll'
 *
 * const gates = ['tests', errorBudget({ below: 0.2, allow: 'fixes' })]
 */
export const errorBudget = (options: Omit<ErrorBudget, 'kind'> = {}): ErrorBudget => ({
  kind: 'errorBudget',
  ...options,
})

/**
 * A gate: a command of yours says whether the release may go there. It runs in the unpacked release, with `RELEASE`,
 * `COMMIT`, `SERVICE` and `ENVIRONMENT`, at most as long as its `timeout` (default 5 minutes). It exits with 0 for yes and
 * 1 for no; anything else is inconclusive. The answer counts for `expires` (a duration, default 1 h).
 *
 * @example
 * import { command, secret, sh } from 'plimsoll'
 *
 * const gates = [
 *   'tests',
 *   command(
 *     'contracts',
 *     sh('pact-broker can-i-deploy --pacticipant payments --version "$COMMIT" --to-environment "$ENVIRONMENT"', {
 *       env: { PACT_BROKER_TOKEN: secret('PACT_BROKER_TOKEN') },
 *     }),
 *   ),
 * ]
 */
export const command = (
  name: string,
  asked: Pick<Step, 'run' | 'timeout' | 'env'>,
  options: Pick<CommandGate, 'expires'> = {},
): CommandGate => ({ ...asked, kind: 'command', name, ...options })

/**
 * Tells somebody of what happens to the service: each message is a POST of JSON to `url` (an address, or a secret that
 * holds one), signed with `key`, and repeated until it is answered with 2xx, for an hour. `on` lists what is told
 * (default: everything); several webhooks of a service need a `name` each.
 *
 * @example
 * import { secret, webhook } from 'plimsoll'
 *
 * const notify = [
 *   webhook({
 *     url: secret('HOOK_URL'),
 *     key: secret('HOOK_KEY'),
 *     on: ['deployment.passed', 'deployment.rolledBack', 'deployment.held'],
 *   }),
 * ]
 */
export const webhook = (options: Omit<Webhook, 'kind'>): Webhook => ({ kind: 'webhook', ...options })

/**
 * A secret by its name (capitals, digits and _). The value comes from the secrets file (mode 0600) or the
 * variable `PLIMSOLL_SECRET_<NAME>` of `plimsoll up`, when it is used, and is never stored.
 *
 * @example
 * import { secret } from 'plimsoll'
 *
 * const env = { API_KEY: secret('STAGING_API_KEY') }
 */
export const secret = (name: string): Secret => ({ secret: name })

/**
 * Asks something from outside, again and again (`every`, as often as everything else of the service when not given), in
 * the environments `in` (default: all). No answer `within` 5 s is a failure, and so is every other that is not as
 * expected. A `url` without a host is asked of the environment's own address.
 *
 * @example
 * import { probe } from 'plimsoll'
 *
 * const probes = [
 *   probe.http('sign-in', { in: 'production', url: '/healthcheck', json: { 'database.status': 'up' } }),
 *   probe.http('front', { url: 'https://pay.example.org/', status: [200, 302], headers: { 'strict-transport-security': 'max-age=' } }),
 *   probe.tcp('database', { host: 'db.example.org', port: 5432 }),
 *   probe.tls('certificate', { host: 'pay.example.org', left: '21d' }),
 *   probe.dns('name', { host: 'pay.example.org', holds: '192.0.2.10' }),
 * ]
 */
export const probe = {
  /** A request: what the answer's `status` (default any 2xx), `headers`, `body` and `json` must be. */
  http: (name: string, options: ProbeOf<'http'> = {}): Probe => ({ kind: 'http', name, ...options }),
  /** A connection that must be taken. */
  tcp: (name: string, options: ProbeOf<'tcp'>): Probe => ({ kind: 'tcp', name, ...options }),
  /** A certificate that must be trusted and hold for longer than `left` (default 14 days). */
  tls: (name: string, options: ProbeOf<'tls'>): Probe => ({ kind: 'tls', name, ...options }),
  /** A name that must lead somewhere: to what `holds` says, when it says so. */
  dns: (name: string, options: ProbeOf<'dns'>): Probe => ({ kind: 'dns', name, ...options }),
}

/**
 * What the service promises. Objectives are ratios below 1, `window` is `'7d'`, `'28d'` (the default) or `'30d'`.
 * `environments` are those in which it is promised (default: those that no other comes after); several of a kind need a
 * `name` each. `lowTraffic` says when a few bad events are too few to alert anybody.
 *
 * @example
 * import { slo } from 'plimsoll'
 *
 * const slos = [
 *   slo.availability({ objective: 0.999 }),
 *   slo.latency({ objective: 0.99, below: '250ms' }),
 *   slo.ratio({
 *     name: 'captures',
 *     objective: 0.995,
 *     bad: 'captures_total{outcome=~"failed|expired"}',
 *     total: 'captures_total',
 *   }),
 *   slo.promql({
 *     name: 'payouts',
 *     objective: 0.99,
 *     bad: 'sum(increase(payouts_total{state="late",env="$environment"}[$window]))',
 *     total: 'sum(increase(payouts_total{env="$environment"}[$window]))',
 *   }),
 * ]
 */
export const slo = {
  /** Share of requests answered without a server error, and not lost. */
  availability: (options: Omit<Availability, 'kind'>): Availability => ({ kind: 'availability', ...options }),
  /** Share of requests answered faster than `below`, a duration. */
  latency: (options: Omit<Latency, 'kind'>): Latency => ({ kind: 'latency', ...options }),
  /**
   * Share of events that are good, by counters of your own: `total` counts all, and `bad` or `good` some of them. They are
   * narrowed down to the service and the environment unless they name `service_name` or `deployment_environment_name`.
   */
  ratio: (options: Omit<Ratio, 'kind'>): Ratio => ({ kind: 'ratio', ...options }),
  /**
   * Share of the times that a probe was content: it asks at night, too, when there is hardly a request to count. Called like
   * the probe unless it has a name of its own.
   */
  probe: (options: Omit<ProbeSlo, 'kind'>): ProbeSlo => ({ kind: 'probe', name: options.probe, ...options }),
  /**
   * Two expressions that count bad events and all of them over `$window`; `$service` and `$environment` stand for their
   * names. Only where Prometheus has the series (`watch.prometheus`).
   */
  promql: (options: Omit<Promql, 'kind'>): Promql => ({ kind: 'promql', ...options }),
}
