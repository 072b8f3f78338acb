import type { AheadView, GateView, Standing } from '../contract/index.ts'
import { type ExitCode, exit, formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { mark } from './marks.ts'

const gateStanding: Readonly<Record<GateView['is'], Standing>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  waiting: 'waiting',
}

function gateLines({ name, is, reasons, waiver }: GateView, screen: Screen): string[] {
  const through = waiver ? ` (let through by ${waiver.owner}: ${waiver.reason})` : ''
  return [
    `  ${mark(gateStanding[is], screen)}  gate ${name}${through}`,
    ...reasons.map(({ text }) => `      ${text}`),
  ]
}

const passageText: Readonly<Record<AheadView['passage']['is'], string>> = {
  open: 'the gates let it go on now',
  waits: 'it would wait for its gates, and hold nobody up',
  failed: 'the gates would refuse it',
  inconclusive: 'the gates cannot tell, and would refuse it',
}

function trafficLine({ traffic }: AheadView): string[] {
  if (!traffic) return []
  const { seconds, requestsPerSecond, errorRatio } = traffic
  const failing = errorRatio === null ? '' : `, ${Number((errorRatio * 100).toPrecision(2))} % of them failed`
  return [
    `traffic of the last ${formatDuration(seconds * 1_000)}: ${Number(requestsPerSecond.toPrecision(3))} requests a second${failing}`,
  ]
}

const listed = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]

/** The plan as people read it: what, whether, how, and the way back. */
export function renderAhead(view: AheadView, screen: Screen): string {
  const { effect, gates, passage, notes, stages, plan, undo, turns, kind, instances } = view
  const size = `${instances.new} new instances${instances.live > 0 ? ` for the ${instances.live} that run` : ''}`
  return [
    turns === undefined ? `${effect}: ${size}` : effect,
    ...notes.map((note) => `  note: ${note}`),
    ...(kind === 'rollback'
      ? []
      : [passageText[passage.is], ...gates.flatMap((gate) => gateLines(gate, screen))]),
    ...trafficLine(view),
    ...(plan
      ? listed(
          plan.sentence,
          plan.stages.map(({ sentence }) => sentence),
        )
      : []),
    ...listed(
      'stages',
      stages.map(({ title, command }, i) => `${i + 1}. ${title}${command ? `: ${command}` : ''}`),
    ),
    ...listed('the way back, once it takes all requests', undo),
    '',
  ].join('\n')
}

/** As the deployment itself would end, were nothing to change. */
export const aheadExit: Readonly<Record<AheadView['passage']['is'], ExitCode>> = {
  open: exit.yes,
  failed: exit.no,
  inconclusive: exit.unknown,
  waits: exit.waits,
}
