import { momentIn } from '../../../kernel/index.ts'
import type { AlertBody, MessageBody } from '../message.ts'

export const atMost = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** So many alerts are told of in full: a message that is too long is refused, and nobody hears anything. */
export const alertsShown = 10

const placeOf = ({ service, environment }: MessageBody): string =>
  environment === undefined ? service : `${environment} of ${service}`

const heads: Readonly<Partial<Record<MessageBody['type'], (body: MessageBody) => string>>> = {
  'alert.page': (body) => `Page: ${placeOf(body)}`,
  'alert.ticket': (body) => `Ticket: ${placeOf(body)}`,
  'alert.resolved': (body) => `Well again: ${placeOf(body)}`,
  ping: (body) => `A test from Plimsoll: ${body.service}`,
}

/** What a message is about, in a few words. */
export const headOf = (body: MessageBody): string =>
  heads[body.type]?.(body) ?? `${body.type.replace('.', ': ')}, ${placeOf(body)}`

/** It is a forecast that tells of it. */
export const isComing = ({ window }: Pick<AlertBody, 'window'>): boolean => window === 'forecast'

/** Since when it fires, or when it was over, by the clocks of those who are told. */
export const whenOf = (alert: AlertBody, { timeZone = 'Etc/UTC' }: Pick<MessageBody, 'timeZone'>): string => {
  const { firedAt, healthyAt, resolvedAt } = alert
  const minute = (at: string): string => momentIn(timeZone, Date.parse(at))
  return [
    `${isComing(alert) ? 'seen coming' : 'fires'} since ${minute(firedAt)}`,
    ...(healthyAt === undefined || isComing(alert) ? [] : [`last well ${minute(healthyAt)}`]),
    ...(resolvedAt === undefined ? [] : [`over ${minute(resolvedAt)}`]),
  ].join(', ')
}

export const moreThanShown = ({ alerts = [] }: MessageBody): string | undefined =>
  alerts.length > alertsShown ? `and ${alerts.length - alertsShown} more` : undefined

/** Where the page about it is; undefined when nobody has said where the page is. */
export const linkOf = (body: MessageBody, page: string | undefined): string | undefined =>
  page === undefined ? undefined : `${page.replace(/\/+$/, '')}${body.page}`
