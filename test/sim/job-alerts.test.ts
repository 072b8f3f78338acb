import { expect } from 'vitest'
import { lookAtEnvironment, toldPlacesIn } from '../../src/flow/burn-watch.ts'
import { expectHeartbeats } from '../../src/flow/heartbeats.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { heartbeatRef, readService } from '../../src/flow/records.ts'
import type { HeartbeatCommand } from '../../src/watch/index.ts'
import { alertTale, configure, heardBy, minuteMs } from './alert-tale.ts'
import type { Tale } from './explore.ts'
import { tellTales } from './tell-tales.ts'

const usual = { every: 4 * minuteMs, timeZone: 'UTC', grace: minuteMs }
const heartbeats = [
  { ...usual, name: 'settlement', alert: 'page' },
  { ...usual, name: 'report', alert: 'ticket' },
]

type Told = readonly [minute: number, job: string, command: Omit<HeartbeatCommand, 'at'>]

/** Judges the one place that there is, as the server does again and again. */
async function judge({ world, runner }: Plimsoll): Promise<void> {
  const service = await readService(world.journal, 'payments')
  const troubles: unknown[] = []
  for (const place of service ? toldPlacesIn([service]) : [])
    await lookAtEnvironment(world, runner, place, (error) => troubles.push(error))
  expect(troubles).toEqual([])
}

/** What jobs tell, minute by minute, and what somebody is told of it. */
const tale = (
  name: string,
  script: readonly Told[],
  lastMinute: number,
  expected: { readonly pager: readonly string[]; readonly desk: readonly string[] },
): Tale =>
  alertTale({
    ...{ name, lastMinute, told: expected.pager.length + expected.desk.length, answers: () => true },
    async happen(plimsoll, atMinute) {
      const { world, runner } = plimsoll
      await configure(plimsoll, { watch: { heartbeats, elsewhere: {}, interval: minuteMs } })
      await expectHeartbeats(world, runner, 'payments')
      for (let minute = 0; minute <= lastMinute; minute++) {
        const at = atMinute(minute)
        await world.clock.until(at)
        for (const [when, job, command] of script)
          if (when === minute)
            await runner.tell(heartbeatRef('payments', 'production', job), { ...command, at })
        await judge(plimsoll)
      }
    },
    check(seen) {
      expect({ pager: heardBy('pager', seen), desk: heardBy('desk', seen) }).toEqual(expected)
      expect(seen.hooks).toMatchObject({ pager: { lost: 0 }, desk: { lost: 0 } })
      expect(seen.state).toMatchObject({ alerts: [] })
    },
  })

const late = tale(
  'a job that stays away pages once, another that fails is a ticket, until each has run well',
  [
    [1, 'settlement', { is: 'success', run: 'a' }],
    [1, 'report', { is: 'failure', run: 'a', exitCode: 3 }],
    [4, 'report', { is: 'success', run: 'b' }],
    [7, 'settlement', { is: 'success', run: 'b' }],
    [8, 'report', { is: 'success', run: 'c' }],
  ],
  9,
  { pager: ['alert.page', 'alert.resolved'], desk: ['alert.ticket', 'alert.resolved'] },
)

tellTales('alerts of jobs, crashed before and after every call', {
  tales: [late],
  reaches: ['posts.start', 'journal.commit'],
})
