import { formatDuration } from '../src/kernel/index.ts'
import type { LoadLedger } from '../test/support/load-client.ts'
import type { Stage } from '../test/support/stage.ts'
import { services } from '../test/support/story.ts'

/** When the demo began. */
export const began = Date.now()

export function say(line: string): void {
  console.log(`${formatDuration(Date.now() - began).padStart(8)}  ${line}`)
}

export function title(text: string): void {
  console.log(`\n── ${text}`)
}

/** @throws Error when what a chapter claims does not hold */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

export const liveRelease = async (stage: Stage): Promise<string | undefined> =>
  (await services(stage)).services[0]?.environments.find((row) => row.name === 'production')?.release?.short

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((a, b) => a + b, 0)

/** What customers saw of a chapter; their own count, not the gateway's. */
export function account({ sent, answered, lost }: LoadLedger): string {
  const reasons = Object.entries(lost).map(([because, count]) => ` (${count} ${because})`)
  return `customers sent ${sent.toLocaleString('en-GB')} requests: ${sum(answered).toLocaleString('en-GB')} answered, ${sum(lost)} lost${reasons.join('')}`
}

export const lostNone = ({ sent, lost, answered }: LoadLedger): boolean =>
  sent > 0 && sum(lost) === 0 && sum(answered) === sent
