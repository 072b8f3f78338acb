import { type Change, commitWorkingTree, findCommit, snapshotWorkingTree } from '../../changes/index.ts'
import { readConfig } from '../../config/read.ts'
import { tryAnswer } from '../../contract/index.ts'
import { gateNames } from '../../flow/gates.ts'
import { realClock } from '../../host/index.ts'
import { exit, PlimsollError, parseDuration } from '../../kernel/index.ts'
import { createClient } from '../client.ts'
import type { Command, Input } from '../command.ts'
import { serverFor, serverOptions, text } from '../connect.ts'
import { askPatiently } from '../patience.ts'
import { pushForServer } from '../push-trial.ts'
import { showSpike } from '../spike-screen.ts'

/** Numbers of tries; a commit has more digits. */
const tryNumber = /^(?:try-)?(\d{1,5})$/

type Wish = { readonly change: Change; readonly commit: string; readonly number: number | undefined }

export function readLife({ values }: Input): number | undefined {
  const wanted = text(values.for)
  if (wanted === undefined) return undefined
  const lifeMs = parseDuration(wanted)
  if (lifeMs) return lifeMs
  throw new PlimsollError('PLM_USAGE', `--for is ${wanted}, expected a duration such as 30m or 4h`)
}

function readNumber({ values }: Input): number | undefined {
  const wanted = text(values.in)
  if (wanted === undefined) return undefined
  const [, digits] = tryNumber.exec(wanted) ?? []
  if (digits !== undefined) return Number(digits)
  throw new PlimsollError('PLM_USAGE', `--in is ${wanted}, expected the number of a try, such as 3`)
}

/** What is to be tried: the working tree, or a commit, in a new environment or in one that is open. */
async function readWish(input: Input, folder: string): Promise<Wish> {
  const [word] = input.positionals
  const [, digits] = tryNumber.exec(word ?? '') ?? []
  const number = digits === undefined ? readNumber(input) : Number(digits)
  if (word !== undefined && digits === undefined) {
    const change = await findCommit(folder, word)
    return { change, commit: change.id, number }
  }
  const change = await snapshotWorkingTree(folder, realClock.now())
  return { change, commit: await commitWorkingTree(folder, change), number }
}

export const tryOut: Command = {
  name: 'try',
  summary: 'gives this working tree, or a commit, an environment of its own for a while',
  examples: [
    "plimsoll try --question 'Does the new pool hold with 200 connections?'",
    'plimsoll try 3   # the newer working tree into try-3',
  ],
  positionals: '[N | BRANCH | COMMIT]',
  options: {
    ...serverOptions,
    question: {
      type: 'string',
      short: 'q',
      value: 'TEXT',
      description: 'what it is to answer; kept with the answer',
    },
    for: { type: 'string', value: 'DURATION', description: 'how long it lives (default try.for: 4h)' },
    in: { type: 'string', value: 'N', description: 'brings a branch or commit into one that is open' },
    'without-checks': {
      type: 'boolean',
      description: 'leaves out jobs that hand nothing on, such as tests: only what is built counts',
    },
    'no-wait': { type: 'boolean', description: 'return as soon as it is accepted' },
  },
  async run(input, io) {
    const lifeMs = readLife(input)
    const { config } = await readConfig({ folder: io.cwd, gates: gateNames })
    const { change, commit, number } = await readWish(input, io.cwd)
    const client = createClient(await serverFor(input, io))
    const name = await pushForServer(io.cwd, input, io, config.service, commit)
    const question = text(input.values.question)
    const address = `/api/services/${encodeURIComponent(config.service)}/tries`
    const wish = {
      ...{ name, commit, ref: `refs/tries/${name}`, branch: change.branch },
      checks: input.values['without-checks'] ? 'skip' : 'run',
      ...(number === undefined ? {} : { number }),
      ...(question === undefined ? {} : { question }),
      ...(lifeMs === undefined ? {} : { lifeMs }),
    }
    const { spike, run } = await askPatiently(() => client.send('POST', address, wish, tryAnswer))
    if (!input.values['no-wait']) return showSpike(client, spike, run, input, io)
    io.stdout.write(
      input.values.json ? `${JSON.stringify({ schemaVersion: 1, spike, run })}\n` : `${spike} was accepted\n`,
    )
    return exit.yes
  },
}
