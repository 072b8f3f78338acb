import { expect } from 'vitest'
import type { EnginePlan, Load, Script } from './engine/engine-plan.ts'
import { runLoadTest } from './load-test.ts'
import { constant } from './plan/profile.ts'
import { namesOf } from './plan/request-names.ts'
import { parseThresholds } from './plan/thresholds.ts'
import { type LoadResult, loadResult } from './result.ts'

/** A rate, evenly spaced. */
export const open = (perSecond: number, durationMs: number): Load => ({
  model: 'open',
  stages: constant(perSecond, durationMs),
  arrivals: 'even',
})

export function requestsTo(...urls: string[]): Script {
  const requests = urls.map((url) => ({ method: 'GET', url, headers: [] }))
  const names = namesOf(requests)
  return { is: 'requests', requests: requests.map((one, i) => ({ ...one, name: names[i] ?? '' })) }
}

export const planOf = (script: Script, load: Load, more: Partial<EnginePlan> = {}): EnginePlan => ({
  script,
  load,
  warmUpMs: 0,
  connections: 50,
  requestsPerConnection: Number.MAX_SAFE_INTEGER,
  timeoutMs: 300,
  workers: 1,
  seed: 1,
  insecure: false,
  ...more,
})

/** Every scheduled request appears, once. */
export function expectWhole(result: LoadResult): void {
  expect(() => loadResult.parse(result)).not.toThrow()
  const { scheduled, sent, answered, failed, timedOut, unsent, errors } = result.counts
  expect(sent + unsent).toBe(scheduled)
  expect(answered + failed + timedOut).toBe(sent)
  expect(errors).toBeGreaterThanOrEqual(failed + timedOut + unsent)
  expect(result.response.count).toBe(answered)
  expect(result.service.count).toBe(answered)
  expect(result.sendLag.count).toBe(sent)
  const why = result.failures.reduce((sum, { count }) => sum + count, 0)
  expect(why).toBe(failed + timedOut + unsent)
  for (const what of ['scheduled', 'answered', 'errors'] as const)
    expect(result.requests.reduce((sum, { counts }) => sum + counts[what], 0)).toBe(result.counts[what])
}

export type Asked = Partial<EnginePlan> & { readonly thresholds?: readonly string[] }

/** A load test of which every request is accounted for. @param what a script, or one address */
export async function runWhole(
  what: Script | string,
  load: Load,
  { thresholds = [], ...more }: Asked = {},
): Promise<LoadResult> {
  const plan = planOf(typeof what === 'string' ? requestsTo(what) : what, load, more)
  const result = await runLoadTest({
    target: 'the target',
    plan,
    thresholds: parseThresholds(thresholds).thresholds,
  })
  expectWhole(result)
  return result
}
