import { describe, expect, it } from 'vitest'
import { journeyProblems } from './journey.ts'

const step = (name: string, ...problems: string[]) => ({ name, durationMs: 1, problems })

describe('what was wrong on a journey', () => {
  it('says at which step of how many, as far as that is known', () => {
    const steps = [step('GET /'), step('GET /pay', 'answered 500', 'settled does not hold')]
    expect(journeyProblems({ steps, durationMs: 2, isWhole: true }, undefined)).toEqual([
      'step 2 of 2: GET /pay answered 500',
      'step 2 of 2: GET /pay settled does not hold',
    ])
    const broken = { steps: [step('GET /', 'has no answer: ECONNREFUSED')], durationMs: 2, isWhole: false }
    expect(journeyProblems(broken, 5)).toEqual(['step 1 of 5: GET / has no answer: ECONNREFUSED'])
    expect(journeyProblems(broken, undefined)).toEqual(['step 1: GET / has no answer: ECONNREFUSED'])
  })

  it('says what ended it, and nothing of one that went well', () => {
    const late = {
      steps: [step('GET /')],
      durationMs: 2,
      isWhole: false,
      problem: 'had not ended within 5 ms',
    }
    expect(journeyProblems(late, 3)).toEqual(['step 1 of 3: had not ended within 5 ms'])
    expect(journeyProblems({ ...late, steps: [] }, 3)).toEqual(['had not ended within 5 ms'])
    expect(journeyProblems({ steps: [step('GET /')], durationMs: 2, isWhole: true }, 1)).toEqual([])
  })
})
