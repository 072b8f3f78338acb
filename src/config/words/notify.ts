import type { ServiceInput } from '../schema.ts'

type Notifier = NonNullable<ServiceInput['notify']>[number]
type NotifierOf<K extends Notifier['kind']> = Omit<Extract<Notifier, { kind: K }>, 'kind'>

/**
 * Tells somebody of what happens to the service: each message is a POST of JSON to `url` (an address, or a secret that
 * holds one), signed with `key`, and repeated until it is answered with 2xx, for an hour. `on` lists what is told
 * (default: everything but `watch.alive`); several webhooks of a service need a `name` each.
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
export const webhook = (options: NotifierOf<'webhook'>): Notifier => ({ kind: 'webhook', ...options })

/**
 * Tells a channel of Slack, by an incoming webhook whose address is `url` (a secret, since whoever knows it can write).
 *
 * @example
 * import { secret, slack } from 'plimsoll'
 *
 * const notify = [slack({ url: secret('SLACK_URL'), on: ['alert.page', 'alert.ticket', 'alert.resolved'] })]
 */
export const slack = (options: NotifierOf<'slack'>): Notifier => ({ kind: 'slack', ...options })

/**
 * Opens and closes incidents of PagerDuty: one for each SLO that pages, however often it is told. `key` is the
 * integration key of Events API v2. Deployments come as changes when `on` names them.
 *
 * @example
 * import { pagerDuty, secret } from 'plimsoll'
 *
 * const notify = [pagerDuty({ key: secret('PAGERDUTY_KEY'), on: ['alert.page', 'alert.resolved', 'deployment.passed'] })]
 */
export const pagerDuty = (options: NotifierOf<'pagerDuty'>): Notifier => ({ kind: 'pagerDuty', ...options })

/**
 * Sends mail by a server that speaks SMTP: `smtps://` is encrypted from the start, `smtp://` by STARTTLS, and what
 * cannot be encrypted is not sent unless `plain: true` says so.
 *
 * @example
 * import { email, secret } from 'plimsoll'
 *
 * const notify = [
 *   email({
 *     server: 'smtp://mail.example.org:587',
 *     signIn: { user: 'plimsoll', password: secret('MAIL_PASSWORD') },
 *     from: 'Plimsoll <plimsoll@example.org>',
 *     to: ['payments-team@example.org'],
 *   }),
 * ]
 */
export const email = (options: NotifierOf<'email'>): Notifier => ({ kind: 'email', ...options })

/**
 * Hands alerts to an Alertmanager at `url`, again and again while they fire, as a Prometheus does. Each member of a
 * cluster is a notifier of its own.
 *
 * @example
 * import { alertmanager } from 'plimsoll'
 *
 * const notify = [alertmanager({ url: 'http://alertmanager.example.org:9093' })]
 */
export const alertmanager = (options: NotifierOf<'alertmanager'>): Notifier => ({
  kind: 'alertmanager',
  ...options,
})

/**
 * Asks an address (`GET`) every minute, or as often as `alerts.alive` says, while all this works. Whoever is behind it
 * tells somebody when nothing comes.
 *
 * @example
 * import { heartbeat, secret } from 'plimsoll'
 *
 * const notify = [heartbeat({ url: secret('HEARTBEAT_URL') })]
 */
export const heartbeat = (options: NotifierOf<'heartbeat'>): Notifier => ({ kind: 'heartbeat', ...options })
