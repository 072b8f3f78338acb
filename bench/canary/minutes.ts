import { binomial, poisson } from '../../src/deploy/plan/judge/testdata/chance.ts'
import type { Random } from '../../src/kernel/index.ts'
import { baseline, type Fault } from './faults.ts'
import { asFast, drawP99, type Slowness } from './latency.ts'

export type Figures = { readonly requests: number; readonly failures: number; readonly p99Ms: number }

/** A minute of a canary, and of as many instances of the live version with as many requests. */
export type Minute = { readonly canary: Figures; readonly control: Figures }

/** How a simulated service is asked. */
export type Setting = {
  readonly requestsPerSecond: (second: number) => number
  readonly share: number
}

function figures(expected: number, errors: number, slowness: Slowness, random: Random): Figures {
  const requests = poisson(expected, random)
  return {
    requests,
    failures: binomial(requests, errors, random),
    p99Ms: requests === 0 ? 0 : drawP99(requests, slowness, random),
  }
}

/** An hour, minute by minute. */
export const drawHour = (setting: Setting, fault: Fault, random: Random): readonly Minute[] =>
  Array.from({ length: 60 }, (_, minute) => {
    const expected = setting.requestsPerSecond(minute * 60 + 30) * 60 * setting.share
    return {
      canary: figures(expected, fault.errors, fault.slowness, random),
      control: figures(expected, baseline, asFast, random),
    }
  })
