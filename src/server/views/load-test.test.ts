import { describe, expect, it } from 'vitest'
import type { LifeState } from '../../deploy/index.ts'
import type { Digest } from '../../kernel/index.ts'
import { sayOf } from './load-test.ts'

const live = `sha256:${'a'.repeat(64)}` as Digest

/** A load test of what is live that has ended. */
const ended = (of: Partial<LifeState>): LifeState =>
  ({ phase: 'ended', settings: { test: {} }, wanted: live, rail: [], steps: [], ...of }) as LifeState

const passed = ended({ standing: 'passed', text: 'carries 412/s' })
const cancelled = ended({ standing: 'cancelled', text: 'cancelled by rosa' })

describe('what is known of a load line', () => {
  it('is what was measured last: what was cancelled says nothing', () => {
    expect(sayOf([cancelled, passed], live, true)).toEqual({ is: 'passed', text: 'carries 412/s' })
    const worse = ended({ standing: 'failed', text: 'carries 90/s' })
    expect(sayOf([cancelled, worse, passed], live, true).is).toBe('failed')
  })

  it('is missing where nothing was, and says that somebody cancelled it', () => {
    const missing = 'the load line of aaaaaaaaaaaa is missing'
    expect(sayOf([], live, true)).toEqual({ is: 'missing', text: missing })
    expect(sayOf([cancelled], live, true)).toEqual({
      is: 'missing',
      text: `${missing}: its load test was cancelled by rosa`,
    })
    expect(sayOf([], live, false)).toEqual({ is: 'none', text: `${missing}: its time has not come yet` })
    expect(sayOf([cancelled], live, false).is).toBe('none')
  })

  it('is red where a guest has left something behind, whatever was measured before', () => {
    const left = ended({ standing: 'cancelled', text: 'cancelled by rosa', left: 'v0.1' } as never)
    expect(sayOf([left, passed], live, true).is).toBe('inconclusive')
  })
})
