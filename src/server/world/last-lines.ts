import type { Commands } from '../../host/index.ts'
import type { Key } from '../../kernel/index.ts'

/** No more than so much of the end of a log is looked at. */
const endBytes = 16_384
const lineLength = 300

/** The last lines of what a command printed, as kept: masked, and short. */
export async function lastLines(commands: Commands, key: Key, count: number): Promise<string[]> {
  let end = Buffer.alloc(0)
  for await (const bytes of commands.log(key, 0, false)) end = Buffer.concat([end, bytes]).subarray(-endBytes)
  const lines = end
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trimEnd().slice(0, lineLength))
  return lines.filter((line) => line !== '').slice(-count)
}
