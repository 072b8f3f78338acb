import type { ServiceInput } from '../schema.ts'

type Probe = NonNullable<ServiceInput['probes']>[number]
type ProbeOf<K extends Probe['kind']> = Omit<Extract<Probe, { kind: K }>, 'kind' | 'name'>
type Slo = NonNullable<ServiceInput['slos']>[number]
type Availability = Extract<Slo, { kind: 'availability' }>
type Latency = Extract<Slo, { kind: 'latency' }>
type Ratio = Extract<Slo, { kind: 'ratio' }>
type ProbeSlo = Extract<Slo, { kind: 'probe' }>
type Promql = Extract<Slo, { kind: 'promql' }>

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
 *   probe.journey('checkout', { file: 'checkout.load.ts', every: '2m' }),
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
  /** A scenario file, as load tests have them, that one user goes through once (`within` 30 s, `every` minute). */
  journey: (name: string, options: ProbeOf<'journey'>): Probe => ({ kind: 'journey', name, ...options }),
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
 *   slo.probe({ name: 'checkout', objective: 0.995, probe: 'checkout' }),
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
