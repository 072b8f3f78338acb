import type { Json } from '../../../kernel/index.ts'
import type { AlertBody, MessageBody } from '../message.ts'
import { alertsShown, atMost, headOf, linkOf, moreThanShown, whenOf } from './words.ts'

/** Of a header and of any other text, as Slack has them. */
const headLength = 150
const textLength = 3_000

/** Nothing that a service or a commit is called makes a link or calls a person. */
const plainly = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Cut in such a way that no `&lt;` is torn apart. */
const cut = (text: string): string => atMost(text, textLength).replace(/&[a-z]{0,3}…$/, '…')

const section = (text: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text) } })
const context = (text: string): Json => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: cut(text) }],
})

function alertBlocks(alert: AlertBody, body: MessageBody): readonly Json[] {
  const { text, next, changes, evidence = [], owner, resolvedAt } = alert
  const since = changes.map((change) => `• ${plainly(change)}`)
  const said = [
    `*${plainly(text)}*`,
    ...(since.length > 0 ? ['Changed since it was well:', ...since] : []),
    ...(evidence.length > 0 ? ['Known by:', ...evidence.map((one) => `• ${plainly(one)}`)] : []),
    ...(owner === undefined ? [] : [`_Owner:_ ${plainly(owner)}`]),
    ...(resolvedAt === undefined ? [`_Next:_ ${plainly(next)}`] : []),
  ]
  return [section(said.join('\n')), context(whenOf(alert, body))]
}

/** What Slack's incoming webhooks take: blocks, and a text for notifications. */
export function slackMessage(body: MessageBody, page: string | undefined): Json {
  const { alerts = [], text, because } = body
  const link = linkOf(body, page)
  const more = moreThanShown(body)
  const said =
    alerts.length > 0
      ? alerts.slice(0, alertsShown).flatMap((one) => alertBlocks(one, body))
      : [section(plainly(text))]
  return {
    text: cut(plainly(text)),
    unfurl_links: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: atMost(headOf(body), headLength), emoji: false } },
      ...said,
      ...(more ? [context(more)] : []),
      ...(because && alerts.length === 0 && !text.includes(because) ? [context(plainly(because))] : []),
      ...(link ? [section(`<${plainly(link)}|Open in Plimsoll>`)] : []),
    ],
  }
}
