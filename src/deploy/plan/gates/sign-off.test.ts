import { describe, expect, it } from 'vitest'
import type { Digest, Evidence, GateQuestion } from '../../../kernel/index.ts'
import type { SignOffSettings } from './settings.ts'
import { signOffGate } from './sign-off.ts'

const release: Digest = `sha256:${'a'.repeat(64)}`
const asked: GateQuestion = { service: 'payments', environment: 'production', release, askedAt: 1_000 }
const settings: SignOffSettings = {
  kind: 'signOff',
  name: 'signOff',
  by: ['ada', 'grace', 'linus'],
  count: 1,
  expires: 10_000,
  within: 5_000,
  notAuthor: true,
}

let digit = 0
const word = (by: string, is: 'given' | 'rejected', at = 1_500, environment = 'production'): Evidence => ({
  id: `sha256:${String(++digit).padStart(64, '0')}`,
  kind: 'signOff',
  at,
  about: { release, environment },
  body: { by, word: is, reason: 'tried it' },
})
const made = (actor: string, author: string): Evidence => ({
  ...word('', 'given'),
  kind: 'provenance',
  body: { actor, author },
})
const judge = (evidence: Evidence[], more: Partial<SignOffSettings> = {}, now = 2_000) =>
  signOffGate.judge({ ...settings, ...more }, asked, evidence, now)

describe('the gate signOff', () => {
  it('waits, and says for whom', () => {
    expect(judge([])).toEqual({
      is: 'waits',
      because: 'sign-off by ada or grace or linus who did not make the change: 0 of 1',
    })
  })

  it('passes with as many as it wants, each person counted once', () => {
    const twice = [word('ada', 'given'), word('ada', 'given', 1_600)]
    expect(judge(twice, { count: 2 })).toMatchObject({ is: 'waits' })
    const both = [...twice, word('grace', 'given')]
    expect(judge(both, { count: 2 })).toMatchObject({ is: 'pass', seen: [both[1]?.id, both[2]?.id] })
  })

  it.each([
    ['of somebody else', [word('eve', 'given')]],
    ['for another environment', [word('ada', 'given', 1_500, 'staging')]],
    ['that has expired', [word('ada', 'given', -9_000)]],
    ['of who pushed the change', [word('ada', 'given'), made('ada', 'Linus')]],
    ['of who wrote the change', [word('ada', 'given'), made('bot', 'Ada')]],
  ])('does not count one %s', (_which, evidence) => {
    expect(judge(evidence)).toMatchObject({ is: 'waits' })
  })

  it('counts the author’s when it is allowed', () => {
    expect(judge([word('ada', 'given'), made('ada', 'ada')], { notAuthor: false })).toMatchObject({
      is: 'pass',
    })
  })

  it('fails when one of them rejects, whoever else signs, until he changes his mind', () => {
    const no = [word('grace', 'given'), word('linus', 'rejected')]
    expect(judge(no)).toEqual({ is: 'fail', reasons: [{ text: 'rejected by linus: tried it' }] })
    expect(judge([...no, word('linus', 'given', 1_700)])).toMatchObject({ is: 'pass' })
    expect(judge([word('grace', 'given'), word('eve', 'rejected')])).toMatchObject({ is: 'pass' })
  })

  it('waits no longer than it says', () => {
    expect(judge([], {}, 5_999)).toMatchObject({ is: 'waits' })
    expect(judge([], {}, 6_000)).toMatchObject({ is: 'inconclusive' })
  })
})
