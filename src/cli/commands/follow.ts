import { type ChangeView, changeView, type DeploymentView, deploymentView } from '../../contract/index.ts'
import { type Journey, journeyOf, toLookAt } from '../../contract/overview/journey.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, nearest, PlimsollError, parseDuration } from '../../kernel/index.ts'
import { changeNamed, type NamedChange } from '../change-named.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { currentLines } from '../following.ts'
import { createJourneyScreen, type JourneyScreen, renderJourney } from '../journey-screen.ts'
import { patientClient } from '../patience.ts'

const lookMs = 1_000
/** A push is acknowledged a moment before its run begins. */
const appearsWithinMs = 30_000

const exits: Readonly<Record<Journey['is'], ExitCode>> = {
  live: exit.yes,
  failed: exit.no,
  inconclusive: exit.unknown,
  held: exit.unknown,
  waits: exit.waits,
  going: exit.timeout,
}

type Client = ReturnType<typeof patientClient>
type Looked = { readonly view: ChangeView | undefined; readonly open: readonly DeploymentView[] }

/** Undefined: there is no such change, or not yet. */
const changeOf = (client: Client, { service, id }: NamedChange): Promise<ChangeView | undefined> =>
  client
    .get(`/api/services/${encodeURIComponent(service)}/changes/${encodeURIComponent(id)}`, changeView)
    .catch((error: unknown) => {
      if (error instanceof PlimsollError && error.code === 'PLM_NOT_FOUND') return undefined
      throw error
    })

async function look(client: Client, named: NamedChange): Promise<Looked> {
  const view = await changeOf(client, named)
  const open = (view ? toLookAt(view) : []).map((id) =>
    client.get(`/api/deployments/${encodeURIComponent(id)}`, deploymentView),
  )
  return { view, open: await Promise.all(open) }
}

/** @throws PLM_NOT_FOUND when it never comes there */
function mustComeTo({ way, change }: ChangeView, until: string | undefined): void {
  if (!way || until === undefined) return
  const names = way.map(({ environment }) => environment)
  if (names.includes(until)) return
  const meant = nearest(until, names)
  const where =
    names.length === 0 ? `what is on ${change.branch} is not deployed` : `it may come to ${names.join(', ')}`
  throw new PlimsollError('PLM_NOT_FOUND', [
    { text: `${change.short} never comes to ${until}: ${where}`, ...(meant ? { didYouMean: meant } : {}) },
  ])
}

const notThere = ({ service, id }: NamedChange): PlimsollError =>
  new PlimsollError(
    'PLM_NOT_FOUND',
    `${service} has no run of ${id.slice(0, 12)}: was it pushed to this Plimsoll? \`plimsoll runs\` lists those that there are`,
  )

type Wish = { readonly named: NamedChange; readonly until: string | undefined; readonly isPatient: boolean }
type End = { readonly view: ChangeView; readonly journey: Journey }

const isOver = ({ is }: Journey, { isPatient }: Wish): boolean =>
  is !== 'going' && !(isPatient && (is === 'waits' || is === 'held'))

/** Looks again and again, until it has arrived, it will not, or nobody wants to know any more. */
async function* looks(client: Client, wish: Wish, signal: AbortSignal) {
  const began = realClock.now()
  while (!signal.aborted) {
    const { view, open } = await look(client, wish.named)
    if (!view && realClock.now() - began > appearsWithinMs) throw notThere(wish.named)
    if (view) {
      mustComeTo(view, wish.until)
      yield { view, open, journey: journeyOf(view, open, wish.until) }
    }
    await realClock.until(realClock.now() + lookMs, signal)
  }
}

/** What was seen last: how it ended, or how far it was when the time was over, even while the server does not answer. */
async function followChange(
  client: Client,
  wish: Wish,
  screen: JourneyScreen,
  io: Io,
  signal: AbortSignal,
): Promise<End | undefined> {
  let last: End | undefined
  const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  const following = (async () => {
    for await (const { view, open, journey } of looks(client, wish, signal)) {
      last = { view, journey }
      const going = open.filter(({ endedAt }) => endedAt === undefined)
      screen.show(
        journey,
        going.flatMap((one) => currentLines(one, io).lines),
      )
      if (isOver(journey, wish)) return
    }
  })()
  following.catch(() => {})
  await Promise.race([following, over])
  return last
}

/** @throws PLM_USAGE */
function timeoutIn({ values }: Input): number | undefined {
  const given = text(values.timeout)
  const timeoutMs = given === undefined ? undefined : parseDuration(given)
  if (given !== undefined && !timeoutMs)
    throw new PlimsollError('PLM_USAGE', `--timeout is '${given}', expected a duration such as 30m`)
  return timeoutMs
}

/** The time was over before anybody had heard of it: it may not be there, or the server does not answer. */
const unheard = ({ service, id }: NamedChange, json: boolean): string => {
  const text = `nothing was heard of ${id.slice(0, 12)} of ${service} in that time`
  return json ? `${JSON.stringify({ schemaVersion: 1, is: 'going', text })}\n` : `${text}\n`
}

export const follow: Command = {
  name: 'follow',
  summary: 'follows a change from its push until it is live: its run, gates and deployments',
  examples: ['plimsoll follow', 'plimsoll follow payments 3f2a91c0 --until production --timeout 30m'],
  positionals: '[SERVICE] [CHANGE]',
  ends: 'It ends with 0 when the change is live, 1 when it will not be, 3 when nobody can tell (inconclusive, or held by its judge), 4 when the time is over, 5 when it waits for a person or a date. Ctrl-C ends the following only.',
  options: {
    ...serverOptions,
    until: {
      type: 'string',
      value: 'ENVIRONMENT',
      description: 'where it is to be live (default: everywhere that it comes to by itself)',
    },
    timeout: {
      type: 'string',
      value: 'DURATION',
      description: 'how long to follow it: 30m (default: to its end)',
    },
    wait: { type: 'boolean', description: 'follow it also while it waits for a person or a date' },
  },
  async run(input, io) {
    const timeoutMs = timeoutIn(input)
    const ends = [...(io.signal ? [io.signal] : []), ...(timeoutMs ? [AbortSignal.timeout(timeoutMs)] : [])]
    const signal = AbortSignal.any(ends)
    const screen = createJourneyScreen(io, realClock)
    const client = patientClient(await connect(input, io), { onAway: screen.away, signal })
    const until = text(input.values.until)
    try {
      const named = await changeNamed(client, input.positionals)
      const wish = { named, until, isPatient: input.values.wait === true }
      const end = await followChange(client, wish, screen, io, signal)
      screen.end()
      if (io.signal?.aborted) {
        io.stderr.write('No longer followed; the change goes on.\n')
        return exit.interrupted
      }
      const json = input.values.json === true
      io.stdout.write(end ? renderJourney(end.view, end.journey, until, json, io) : unheard(named, json))
      return end ? exits[end.journey.is] : exit.timeout
    } finally {
      screen.end()
    }
  },
}
