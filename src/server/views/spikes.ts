import type { NoteView, SpikeFigures, SpikeSummary, SpikesView, SpikeView } from '../../contract/index.ts'
import {
  doing,
  laneId,
  type SpikeChange,
  type SpikeState,
  spikeKind,
  spikeNumbers,
  tryConfig,
  warningMs,
} from '../../deploy/index.ts'
import { readDeployment, readLane, readService } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { formatDuration, type Json } from '../../kernel/index.ts'
import { countText } from './ledger.ts'
import { nameRelease } from './releases.ts'

type ChangeView = NonNullable<SpikeSummary['change']>

/** How far back the list goes. */
const recent = 200

async function changeView(world: World, change: SpikeChange): Promise<ChangeView> {
  const { run, id, subject, branch, standing, release, checks, because } = change
  return {
    ...{ run, commit: id, subject, branch, standing },
    ...(release ? { release: await nameRelease(world, release) } : {}),
    ...(checks === undefined ? {} : { checks }),
    ...(because === undefined ? {} : { because }),
  }
}

function figuresOf(state: SpikeState): SpikeFigures {
  const { accepted, errors, lost, abandoned, p50, p99 } = spikeNumbers(state)
  return {
    ...{ requests: accepted, errors, lost, abandoned },
    ...(p50 === undefined ? {} : { p50 }),
    ...(p99 === undefined ? {} : { p99 }),
  }
}

const endings = { closed: 'closed', expired: 'its time ended', failed: 'never opened' } as const

function isOf({ phase, down }: SpikeState): SpikeSummary['is'] {
  if (phase === 'closing' && down?.because !== undefined && down.standing !== 'left') return 'left'
  return phase
}

/** What goes on with it, or how it ended. */
function textOf(state: SpikeState): string {
  const { phase, closing, down, reasons, changes } = state
  if (phase === 'starting') return doing(state)
  const newest = changes.at(-1)
  if (phase === 'open') {
    if (newest?.standing === 'failed') return `the newest change failed: ${newest.because}`
    return doing(state)
  }
  const why = closing?.why ?? 'closed'
  const ended = why === 'closed' ? `closed by ${closing?.by}` : endings[why]
  const because = reasons[0] ? `${ended}: ${reasons[0].text}` : ended
  if (phase === 'closed')
    return down?.standing === 'left' ? `${because}; ${down.by} left behind what it depended on` : because
  if (down?.because === undefined || down.standing === 'left') return `is being taken away (${because})`
  const failed = down.standing === 'waits' ? down.attempt : down.attempt - 1
  return `what it depended on is still there after ${failed} ${failed === 1 ? 'try' : 'tries'} of \`down\`: ${down.because}`
}

async function addressOf(
  world: World,
  { service, environment, phase }: SpikeState,
): Promise<string | undefined> {
  if (phase !== 'open') return undefined
  const lane = await readLane(world.journal, laneId(service, environment))
  const last = lane?.live && (await readDeployment(world.journal, lane.live.deployment))
  return last && `http://127.0.0.1:${last.settings.port}`
}

export async function summariseSpike(world: World, state: SpikeState): Promise<SpikeSummary> {
  const { id, number, service, environment, owner, question, answers, requestedAt } = state
  const { openedAt, until, endedAt, changes, phase } = state
  const address = await addressOf(world, state)
  const answer = answers.at(-1)
  const shown = changes.findLast(({ standing }) => standing === 'runs') ?? changes.at(-1)
  return {
    ...{ id, number, service, environment, is: isOf(state), text: textOf(state), owner, requestedAt },
    ...(question === undefined ? {} : { question }),
    ...(answer
      ? {
          answer: {
            by: answer.by,
            at: answer.at,
            ...(answer.text === undefined ? {} : { text: answer.text }),
          },
        }
      : {}),
    ...(address === undefined ? {} : { address }),
    ...(openedAt === undefined ? {} : { openedAt }),
    ...(until === undefined || phase !== 'open' ? {} : { until }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(shown ? { change: await changeView(world, shown) } : {}),
    endsSoon: phase === 'open' && until !== undefined && world.clock.now() >= until - warningMs(state),
    figures: figuresOf(state),
    reports: answers.flatMap(({ reports }) => reports.map(reportOf)),
  }
}

type Report = SpikeSummary['reports'][number]
type Fields = { readonly [key: string]: Json | undefined }

const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

const msText = (value: Json | undefined): string | undefined =>
  typeof value === 'number' ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : undefined
const numberText = (value: Json | undefined): string | undefined =>
  typeof value === 'number' ? countText(Math.round(value * 10) / 10) : undefined

/** The figures of a load test that people look for; of another document its plain values. */
function reportOf(report: Json): Report {
  const fields = fieldsOf(report)
  const response = fieldsOf(fields.response)
  const counts = fieldsOf(fields.counts)
  const isLoad = fields.kind === 'load'
  const known: readonly (readonly [string, string | undefined])[] = isLoad
    ? [
        ['target', typeof fields.target === 'string' ? fields.target : undefined],
        ['verdict', typeof fields.verdict === 'string' ? fields.verdict : undefined],
        ['scheduled', numberText(counts.scheduled)],
        ['answered a second', numberText(fields.answeredPerSecond)],
        ['errors', numberText(counts.errors)],
        ['p50', msText(response.p50Ms)],
        ['p99', msText(response.p99Ms)],
      ]
    : Object.entries(fields)
        .filter(([, value]) => value !== undefined && typeof value !== 'object')
        .slice(0, 12)
        .map(([name, value]) => [name, typeof value === 'number' ? numberText(value) : String(value)])
  const rows = known.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  return { title: isLoad ? 'Load test' : String(fields.kind ?? 'Report'), rows }
}

async function evidenceOf(world: World, { id, changes }: SpikeState): Promise<string | undefined> {
  const release = changes.findLast((change) => change.release)?.release
  const known = release ? await world.evidence.about(release, [spikeKind]) : []
  return known.findLast(({ about }) => about.environment === id)?.id
}

/** One spike, whole. */
export async function viewSpike(world: World, state: SpikeState): Promise<SpikeView> {
  const evidence = await evidenceOf(world, state)
  const { down, up, settings } = state
  return {
    schemaVersion: 1,
    ...(await summariseSpike(world, state)),
    changes: await Promise.all(state.changes.map((change) => changeView(world, change))),
    reasons: state.reasons.map(({ text }) => ({ text })),
    ...(settings.dependencies
      ? {
          dependencies: {
            up: up?.standing ?? 'none',
            ...(down ? { down: down.because ? `${down.standing}: ${down.because}` : down.standing } : {}),
          },
        }
      : {}),
    ...(evidence === undefined ? {} : { evidence }),
  }
}

export const spikesOf = async (world: World, service: string, ended?: boolean): Promise<SpikeState[]> =>
  (await world.journal.list({ kind: 'spike', limit: recent, ...(ended === undefined ? {} : { ended }) }))
    .map((record) => record.state as unknown as SpikeState)
    .filter((spike) => spike.service === service)

/** All spikes of a service, newest first. */
export async function viewSpikes(world: World, service: string): Promise<SpikesView> {
  const config = (await readService(world.journal, service))?.guard?.config
  const spikes = await spikesOf(world, service)
  return {
    schemaVersion: 1,
    service,
    atMost: tryConfig.parse(config?.try ?? {}).atMost,
    spikes: await Promise.all(spikes.map((spike) => summariseSpike(world, spike))),
  }
}

const spikesLink = (service: string): string => `/services/${service}/spikes`

/** What could not be taken away: nobody may forget it. */
export const leftBehind = (spikes: readonly SpikeSummary[]): NoteView[] =>
  spikes
    .filter((spike) => spike.is === 'left')
    .map(({ id, text, service }) => ({ service, text: `${id}: ${text}`, link: spikesLink(service) }))

/** Those of which it was said that they end. */
export const endingSoon = (spikes: readonly SpikeSummary[], now: number): NoteView[] =>
  spikes
    .filter(({ endsSoon }) => endsSoon)
    .map(({ id, service, until = now, question }) => ({
      service,
      text: `${id} ends in ${formatDuration(Math.max(0, until - now))}${question ? `: ${question}` : ''}`,
      link: spikesLink(service),
    }))
