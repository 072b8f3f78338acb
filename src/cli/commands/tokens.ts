import { doneAnswer, type TokenRole, tokenAnswer, tokenRole, tokensView } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { renderTable } from '../table.ts'

function nameIn(positionals: readonly string[], what: string): string {
  const [name] = positionals
  if (!name)
    throw new PlimsollError('PLM_USAGE', `${what} needs a name: whoever uses the token is known by it`)
  return name
}

function roleIn(given: unknown): TokenRole {
  const role = tokenRole.safeParse(given ?? 'everything')
  if (role.success) return role.data
  throw new PlimsollError('PLM_USAGE', `--role is ${given}, expected ${tokenRole.options.join(' or ')}`)
}

export const tokenAdd: Command = {
  name: 'token add',
  summary: 'makes a named token and prints it once',
  examples: ['plimsoll token add ada', 'plimsoll token add nightly --role heartbeats'],
  positionals: 'NAME',
  options: {
    role: {
      type: 'string',
      value: 'ROLE',
      description: 'heartbeats: it may tell that jobs run, nothing else (default everything)',
    },
    ...serverOptions,
  },
  async run(input, io) {
    const client = await connect(input, io)
    const answer = await client.send(
      'POST',
      '/api/tokens',
      { name: nameIn(input.positionals, 'token add'), role: roleIn(input.values.role) },
      tokenAnswer,
    )
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${answer.token}\n`)
    return exit.yes
  },
}

export const tokenList: Command = {
  name: 'token list',
  summary: 'names the tokens that exist',
  examples: ['plimsoll token list', 'plimsoll token list --json'],
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const view = await client.get('/api/tokens', tokensView)
    const rows = view.tokens.map(({ name, createdAt, role }) => [
      name,
      new Date(createdAt).toISOString(),
      role === 'everything' ? '' : `${role} only`,
    ])
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderTable(rows, io.stdout))
    return exit.yes
  },
}

export const tokenRemove: Command = {
  name: 'token remove',
  summary: 'ends a token at once',
  examples: ['plimsoll token remove ada', 'plimsoll token remove ci --json'],
  positionals: 'NAME',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const name = nameIn(input.positionals, 'token remove')
    const answer = await client.send('DELETE', `/api/tokens/${encodeURIComponent(name)}`, {}, doneAnswer)
    io.stdout.write(
      input.values.json ? `${JSON.stringify(answer)}\n` : `The token ${name} is no longer accepted.\n`,
    )
    return exit.yes
  },
}
