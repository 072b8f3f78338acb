import { readConfig } from '../../config/read.ts'
import type { ServiceConfig } from '../../config/schema.ts'
import { type ReplayedSlo, type ReplayRequest, type ReplayView, replayView } from '../../contract/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import { promisedIn } from '../../watch/index.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { renderNotes } from '../problems.ts'
import { pagesOf, renderReplay } from '../replay-screen.ts'

const usualDays = 30
const mostDays = 35

/** @throws PLM_USAGE when it is no number of days that are kept */
function daysOf({ values }: Input): number {
  const days = values.days === undefined ? usualDays : Number(values.days)
  if (Number.isInteger(days) && days >= 1 && days <= mostDays) return days
  throw new PlimsollError(
    'PLM_USAGE',
    `--days is ${values.days}, expected a whole number from 1 to ${mostDays}: so long is kept`,
  )
}

const promisesOf = ({ slos, environments }: ServiceConfig): ReplayRequest['promises'] =>
  slos.flatMap((slo) =>
    promisedIn(slo, environments).map((environment) => ({ environment, slo: { ...slo } })),
  )

/** Of less than this of the time nothing can be said. */
const leastKnown = 0.5

const isUntold = ({ proposed, known }: ReplayedSlo): boolean =>
  proposed !== undefined && (proposed.because !== undefined || known < leastKnown)

/** 1: somebody would have been paged more often than today. 3: too little is known to tell. */
export function exitOf({ slos }: ReplayView): ExitCode {
  const [then, now] = (['proposed', 'inForce'] as const).map((side) =>
    slos.reduce((sum, one) => sum + pagesOf(one[side]), 0),
  )
  if ((then ?? 0) > (now ?? 0)) return exit.no
  return slos.length === 0 || slos.some(isUntold) ? exit.unknown : exit.yes
}

async function readHere({ values }: Input, { cwd, stderr }: Io): Promise<ServiceConfig> {
  const file = text(values.config)
  const { config, notes } = await readConfig({ folder: cwd, ...(file === undefined ? {} : { file }) })
  stderr.write(renderNotes(notes, stderr))
  return config
}

/** `plimsoll slo replay`: what objectives that are not in force yet would have told of. */
export const sloReplay: Command = {
  name: 'slo replay',
  summary: 'what the objectives of this folder would have alerted of, by what the server has recorded',
  examples: [
    'plimsoll slo replay --days 30',
    'plimsoll slo replay payments --config stricter.config.ts --json',
  ],
  positionals: '[SERVICE]',
  options: {
    ...serverOptions,
    days: {
      type: 'string',
      value: 'N',
      description: `so far back, at most ${mostDays} (default ${usualDays})`,
    },
    config: { type: 'string', value: 'FILE', description: 'instead of plimsoll.config.ts' },
  },
  async run(input, io) {
    const days = daysOf(input)
    const config = await readHere(input, io)
    const service = input.positionals[0] ?? config.service
    const client = await connect(input, io)
    const path = `/api/services/${encodeURIComponent(service)}/slos/replay`
    const view = await client.send('POST', path, { days, promises: promisesOf(config) }, replayView)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderReplay(view, io.stdout))
    return exitOf(view)
  },
}
