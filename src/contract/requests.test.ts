import { expect, it } from 'vitest'
import { deployRequest, lockRequest, waiverRequest } from './requests.ts'

it('a reason is one line that steers no terminal', () => {
  const reason = 'the acquirer\n is away \u001b[2J'
  expect(lockRequest.parse({ reason })).toEqual({ reason: 'the acquirer is away' })
  expect(deployRequest.parse({ kind: 'deploy', reason })).toMatchObject({ reason: 'the acquirer is away ' })
  expect(lockRequest.safeParse({ reason: ' \n\u001b[2J' }).success).toBe(false)
})

it('nothing is locked or waived for longer than a year', () => {
  const terms = { reason: 'because', forMs: 367 * 86_400_000 }
  for (const shape of [lockRequest, waiverRequest]) expect(shape.safeParse(terms).success).toBe(false)
})
