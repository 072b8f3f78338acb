import { asFast, type Slowness } from './latency.ts'

/** What is wrong with a canary. */
export type Fault = { readonly name: string; readonly errors: number; readonly slowness: Slowness }

/** Share of the live version's requests that fail. */
export const baseline = 0.001

const failing = (name: string, errors: number): Fault => ({ name, errors, slowness: asFast })
const slow = (name: string, slowness: Partial<Slowness>): Fault => ({
  name,
  errors: baseline,
  slowness: { ...asFast, ...slowness },
})

export const faults: readonly Fault[] = [
  failing('all fail', 1),
  failing('5 % errors', 0.05),
  failing('1 % errors', 0.01),
  failing('0.5 % errors', 0.005),
  slow('latency × 1.2', { times: 1.2 }),
  slow('latency × 1.5', { times: 1.5 }),
  slow('5 % slow', { aSecondMore: 0.05 }),
]

/** The same release once more. */
export const noFault: Fault = { name: 'no fault', errors: baseline, slowness: asFast }

/** As slow as our judge takes for harmless, and no more: where its false alarms are likeliest. */
export const nearlyFault: Fault = { ...noFault, slowness: { ...asFast, times: 1.1 } }

export const isAboutErrors = ({ slowness }: Fault): boolean => slowness === asFast
