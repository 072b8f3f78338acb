import { describe, expect, it } from 'vitest'
import type { Digest } from '../../../kernel/index.ts'
import { foundRatio } from '../compare/testdata/evidence.ts'
import { compareMachine } from './machine.ts'
import { type CompareSeen, type CompareState, newCompare } from './state.ts'

const release: Digest = `sha256:${'a'.repeat(64)}`
const against: Digest = `sha256:${'b'.repeat(64)}`
const side = { command: 'serve', portVariable: 'PORT', healthPath: '/', readyWithinMs: 1, graceMs: 1 }
const settings = {
  base: side,
  change: side,
  path: '/',
  objective: 'p99<250ms',
  env: {},
  budgetMs: 1,
  margin: 0.05,
  besideProduction: true,
}

const asked = (more: Partial<CompareState> = {}): CompareState => ({
  ...newCompare({
    id: 'payments.a.b.1',
    service: 'payments',
    environment: 'production',
    release,
    against,
    names: { base: 'main', change: 'mine' },
    actor: 'ada',
    how: { is: 'possible', settings },
    requestedAt: 0,
  }),
  ...more,
})

const nothing: CompareSeen = { found: 'absent' }

/** Decides until it waits; gives the state, and the effects in order. */
function goOn(state: CompareState, seen: CompareSeen) {
  const effects: string[] = []
  let at = state
  for (;;) {
    const decision = compareMachine.decide(at, seen, 7)
    if (decision.is === 'wait') return { state: at, effects, because: decision.because }
    at = decision.state
    effects.push(...decision.effects.map(({ key }) => key))
  }
}

const running = goOn(asked(), nothing).state

describe('a comparison', () => {
  it('begins when no other goes on', () => {
    const begun = goOn(asked(), nothing)
    expect(begun).toMatchObject({
      state: { phase: 'running', tries: 1, startedAt: 7 },
      because: 'it goes on',
    })
    expect(begun.effects).toEqual(['comparison/payments.a.b.1/1'])
  })

  it('waits for the one before it', () => {
    expect(goOn(asked(), { ...nothing, ahead: 'other' })).toMatchObject({
      effects: [],
      because: 'after other',
    })
  })

  it.each([
    ['pass', 1, 'passed'],
    ['fail', 0.8, 'failed'],
  ])('keeps what it found before it ends: %s', (verdict, ratio, standing) => {
    const evidence = foundRatio(ratio, { base: 'main', change: 'mine' })
    expect(evidence.verdict).toBe(verdict)
    const found: CompareSeen = { found: { ended: { is: 'compared', evidence } } }
    const keeping = goOn(running, found)
    expect(keeping.state).toMatchObject({ phase: 'keeping', standing, text: evidence.text })
    expect(keeping.effects).toEqual(['comparison/payments.a.b.1/keep'])
    const ended = goOn(keeping.state, { ...found, kept: release })
    expect(ended.state).toMatchObject({ phase: 'ended', standing, evidence: release, endedAt: 7 })
    expect(ended.effects).toEqual(['comparison/payments.a.b.1/tidy'])
  })

  it.each(['lost', { ended: { is: 'interrupted' } }] as const)(
    'is made once more when it was %j',
    (found) => {
      const again = compareMachine.decide(running, { found }, 8)
      expect(again).toMatchObject({ is: 'move', state: { phase: 'running', tries: 2 } })
      const twice = { ...running, tries: 2 }
      expect(goOn(twice, { found }).state).toMatchObject({
        phase: 'ended',
        standing: 'inconclusive',
        reasons: [{ text: 'what measured it was lost 2 times' }],
      })
    },
  )

  it('says why it could not be made', () => {
    const reasons = [{ text: 'production runs on this machine' }]
    const { state } = goOn(asked({ how: { is: 'impossible', reasons } }), nothing)
    expect(state).toMatchObject({ phase: 'ended', standing: 'inconclusive', reasons, tries: 0 })
  })

  it('is cancelled by a person, and by nobody else for good', () => {
    const told = compareMachine.accept(running, { is: 'cancel', actor: 'bob' }, 8)
    if (told.is !== 'move') throw new Error('it did not move')
    expect(told.effects.map(({ key }) => key)).toEqual(['comparison/payments.a.b.1/cancel'])
    expect(compareMachine.accept(told.state, { is: 'cancel', actor: 'bob' }, 9).is).toBe('wait')
    expect(goOn(told.state, { found: { ended: { is: 'interrupted' } } }).state).toMatchObject({
      phase: 'ended',
      standing: 'cancelled',
      text: 'cancelled by bob',
      reasons: [{ text: 'its comparison with main was cancelled by bob' }],
    })
  })
})
