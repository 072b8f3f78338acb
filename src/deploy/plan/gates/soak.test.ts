import { describe, expect, it } from 'vitest'
import type { Before, Digest, Evidence, GateQuestion } from '../../../kernel/index.ts'
import { newLane } from '../lane-state.ts'
import { soakGate } from './soak.ts'
import { staysIn } from './stays.ts'

const release: Digest = `sha256:${'a'.repeat(64)}`
const other: Digest = `sha256:${'b'.repeat(64)}`
const arrived: Evidence = {
  id: `sha256:${'e'.repeat(64)}`,
  kind: 'deployment',
  at: 0,
  about: { release, environment: 'payments.staging' },
  body: { standing: 'passed' },
}
const judge = (before: Partial<Before>, now = 50_000, evidence = [arrived]) => {
  const asked: GateQuestion = {
    service: 'payments',
    environment: 'production',
    release,
    before: { environment: 'staging', stays: [{ since: 0 }], crashes: 0, ...before },
  }
  return soakGate.judge({ kind: 'soak', name: 'soak', for: 60_000 }, asked, evidence, now)
}

describe('the gate soak', () => {
  it('waits while the release runs there, then passes by the deployment that brought it', () => {
    expect(judge({})).toEqual({ is: 'waits', because: 'it has run for 50 s of 1 m 00 s in staging' })
    expect(judge({}, 60_000)).toEqual({ is: 'pass', seen: [arrived.id] })
  })

  it.each([
    ['was replaced too early', { stays: [{ since: 0, until: 59_000 }] }],
    ['was rolled back', { rejectedBy: 'payments.staging.3' }],
    ['crashes', { crashes: 2 }],
  ])('fails when it %s', (_what, before) => expect(judge(before, 90_000)).toMatchObject({ is: 'fail' }))

  it('counts a stay that is over, when it was long enough', () => {
    expect(judge({ stays: [{ since: 0, until: 61_000 }] }, 90_000)).toMatchObject({ is: 'pass' })
  })

  it('cannot tell of a release that never ran there', () => {
    expect(judge({ stays: [] })).toMatchObject({ is: 'inconclusive' })
    expect(judge({}, 90_000, [])).toMatchObject({ is: 'inconclusive' })
  })
})

it('stays are read from what is live and what was', () => {
  const ran = (which: Digest, since: number) => ({
    release: which,
    fleet: `f${since}`,
    size: 1,
    deployment: 'd',
    since,
  })
  const lane = {
    ...newLane('payments', 'staging'),
    live: ran(release, 30),
    before: [ran(other, 20), ran(release, 10)],
  }
  expect(staysIn(lane, release)).toEqual([{ since: 30 }, { since: 10, until: 20 }])
})
