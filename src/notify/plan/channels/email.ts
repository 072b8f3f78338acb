import type { AlertBody, MessageBody } from '../message.ts'
import { alertsShown, headOf, linkOf, moreThanShown, whenOf } from './words.ts'

/** A mail, without sender and receivers. */
export type Mail = {
  readonly subject: string
  readonly text: string
  /** The same each time that it is sent: programs that know it show it once. */
  readonly messageId: string
  /** Mails about the same place stand together. */
  readonly references: string
  readonly priority: 'high' | 'normal'
  readonly headers: Readonly<Record<string, string>>
}

const alertLines = (alert: AlertBody, body: MessageBody): readonly string[] => [
  alert.text,
  `  ${whenOf(alert, body)}`,
  ...alert.changes.map((change) => `  since it was well: ${change}`),
  ...(alert.evidence ?? []).map((one) => `  because ${one}`),
  ...(alert.owner === undefined ? [] : [`  owner: ${alert.owner}`]),
  ...(alert.resolvedAt === undefined ? [`  next: ${alert.next}`] : []),
  '',
]

const subjectOf = (body: MessageBody): string => {
  const [first] = body.alerts ?? []
  return first ? `${headOf(body)}: ${first.text}` : body.text
}

/** @param from the sender: names are made in the domain of the address */
export function mailOf(body: MessageBody, from: string, page: string | undefined): Mail {
  const { id, service, environment = '', alerts = [], text, because } = body
  const domain = from.replace(/>$/, '').split('@').at(-1) ?? 'localhost'
  const link = linkOf(body, page)
  const more = moreThanShown(body)
  const lines = [
    text,
    '',
    ...alerts.slice(0, alertsShown).flatMap((one) => alertLines(one, body)),
    ...(more ? [more, ''] : []),
    ...(because && !text.includes(because) ? [because, ''] : []),
    ...(link ? [link] : []),
  ]
  return {
    subject: subjectOf(body).replaceAll(/\s+/g, ' '),
    text: `${lines.join('\n').trimEnd()}\n`,
    messageId: `<${id}@${domain}>`,
    references: `<${service}.${environment || 'all'}@${domain}>`,
    priority: body.type === 'alert.page' ? 'high' : 'normal',
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
