import type { ZodType } from 'zod'
import type { ExitCode } from '../kernel/index.ts'
import type { Input, Io, Screen } from './command.ts'
import { connect } from './connect.ts'

/** What the server says of all services or of one, and how that is shown. */
export type Shown<V> = {
  readonly path: string
  readonly view: ZodType<V>
  readonly render: (view: V, screen: Screen) => string
  readonly exitOf: (view: V) => ExitCode
  /** What else is asked, by the names of the API. */
  readonly ask?: readonly (readonly [name: string, value: string])[]
}

/** Asks the server, of the service that was named if one was, and shows what it says, or prints it with `--json`. */
export async function showView<V>(
  { path, view: schema, render, exitOf, ask = [] }: Shown<V>,
  input: Input,
  io: Io,
): Promise<ExitCode> {
  const client = await connect(input, io)
  const [only] = input.positionals
  const query = new URLSearchParams([
    ...(only === undefined ? [] : [['service', only] as [string, string]]),
    ...ask.map(([name, value]): [string, string] => [name, value]),
  ])
  const view = await client.get(query.size === 0 ? path : `${path}?${query}`, schema)
  io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : render(view, io.stdout))
  return exitOf(view)
}
