import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { findPlace, type Place } from '../place.ts'

const address = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/sign-offs`

export const signOff: Command = {
  name: 'sign-off',
  summary: 'signs a release off for an environment, or rejects it: with your name and a reason',
  examples: [
    'plimsoll sign-off 3f2a91c0d4e5 production --reason "tried it in staging"',
    'plimsoll sign-off 3f2a91c0d4e5 payments production --reject --reason "the wording is not agreed"',
  ],
  positionals: 'RELEASE [SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why: kept with the release' },
    reject: { type: 'boolean', description: 'it is not to go there' },
  },
  async run(input, io) {
    const [release, ...words] = input.positionals
    const reason = text(input.values.reason)
    if (!release)
      throw new PlimsollError('PLM_USAGE', 'sign-off needs a release: `plimsoll releases` lists them')
    if (!reason) throw new PlimsollError('PLM_USAGE', 'sign-off needs --reason: it is kept with the release')
    const client = await connect(input, io)
    const place = await findPlace(client, words)
    const word = input.values.reject ? 'rejected' : 'given'
    const answer = await client.send('POST', address(place), { release, word, reason }, doneAnswer)
    const said = `${release} is ${word === 'given' ? 'signed off' : 'rejected'} for ${place.environment.name}.\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}
