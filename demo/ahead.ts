import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HeadroomView, headroomView } from '../src/contract/index.ts'
import { growingRequests } from '../test/support/growth.ts'
import type { Stage } from '../test/support/stage.ts'
import { began, expect, say, title } from './narration.ts'

const dayMs = 86_400_000
/** Up to where real requests begin: an hour that was half made up would look like a collapse. */
const until = began
/** Of the load line, in the busiest hour of the last weeks: enough is left, and not for long. */
const usedNow = 0.75
/** So near it must come to the day that was made up. */
const near = 10 * dayMs

const productionIn = ({ environments }: HeadroomView) =>
  environments.find(({ environment }) => environment === 'production')

const seen = async (stage: Stage) =>
  productionIn(headroomView.parse(await stage.get('/api/headroom?service=payments')))

/** Weeks of requests that grow are made up: when do they reach what was measured? */
export async function sayWhatComes(stage: Stage): Promise<void> {
  title('10. When production crosses its load line is said weeks before')
  const { line, reasons = [] } = (await seen(stage)) ?? {}
  if (!line) {
    // On a machine that is busy with something else no load line is found, and nothing stands for it.
    say(`nobody can say when: ${reasons[0]?.text}; next: ${reasons[0]?.next}`)
    return
  }
  const growth = growingRequests({ until, weeks: 5, peak: usedNow * line.at }, { gateway: 'made-up' })
  await writeFile(join(stage.folder, 'weeks.jsonl'), growth.history)
  say('a demo has no past: it makes up five weeks of requests that grow by 3.6 % a week, and says so:')
  say(`  ${await stage.plimsoll('slo', 'import', join(stage.folder, 'weeks.jsonl'), 'production')}`)
  const told = await stage.plimsoll('forecast')
  const from = told.indexOf('payments production')
  const of = told.slice(from, told.indexOf('\n\n', from))
  for (const one of of.split('\n')) say(`  ${one}`)
  const crossing = (await seen(stage))?.ahead?.crossing
  const truth = growth.reaches(line.at)
  const about = /(?:crosses its load line|reaches \S+\/s) (about [^)]*\))/.exec(of)?.[1]
  say(`production crosses its load line ${about}${line.high === null ? ', not before' : ''}`)
  say(`as it was made up, that is on ${new Date(truth).toISOString().slice(0, 10)}`)
  say(`the fan of it: ${stage.server}/forecast?service=payments&environment=production`)
  expect(about !== undefined, `the day should be known, but ${of}`)
  expect(Math.abs((crossing?.date ?? 0) - truth) <= near, 'the day should be near the one that was made up')
  expect(of.includes('back-filled by'), 'what was made up must be shown as such')
}
