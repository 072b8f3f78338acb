import type { ServiceInput } from '../schema.ts'

type Job = NonNullable<ServiceInput['pipeline']>[string]
type Step = Job['steps'][number]
type Environment = NonNullable<ServiceInput['environments']>[string]
type Gate = Exclude<NonNullable<Environment['gates']>[number], string>
type Freeze = Extract<Gate, { kind: 'freeze' }>
type SignOff = Extract<Gate, { kind: 'signOff' }>
type Soak = Extract<Gate, { kind: 'soak' }>
type ErrorBudget = Extract<Gate, { kind: 'errorBudget' }>
type HeadroomGate = Extract<Gate, { kind: 'headroom' }>
type CommandGate = Extract<Gate, { kind: 'command' }>

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
 * A gate: enough of the release's load line is left in the busiest hour of the last 28 days. With less than `below` of it
 * left (a share, default 0.2) nothing new comes; what a person calls a fix goes through unless `allow` is `'nothing'`. Of
 * `history` (default a week) something must be known. The load line counts when it was measured in step with the
 * environment: `plimsoll load test perf --release RELEASE`.
 *
 * @example
 * import { headroom } from 'plimsoll'
 *
 * const gates = ['tests', headroom({ below: 0.3 })]
 */
export const headroom = (options: Omit<HeadroomGate, 'kind'> = {}): HeadroomGate => ({
  kind: 'headroom',
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
