import type { Answer } from './clients.ts'

/** What clients got from a canary, until it was decided about. */
export type Harm = {
  /** Of its first answer; undefined when it never gave one. */
  readonly firstAt: number | undefined
  readonly answered: number
  readonly failed: number
  /** Slower than 99 % of what the live version answered meanwhile: one in a hundred when both are alike. */
  readonly slow: number
}

function p99(tookMs: readonly number[]): number {
  const sorted = [...tookMs].sort((a, b) => a - b)
  return sorted[Math.floor(0.99 * sorted.length)] ?? Number.POSITIVE_INFINITY
}

/** @param until when it was decided about */
export function harmOf(answers: readonly Answer[], canary: string, live: string, until: number): Harm {
  const ofCanary = answers.filter(({ release, at }) => release === canary && at <= until)
  const firstAt = ofCanary[0]?.at
  const meanwhile = answers.filter(
    ({ release, at, status }) => release === live && at >= (firstAt ?? until) && at <= until && status < 500,
  )
  const edgeMs = p99(meanwhile.map(({ tookMs }) => tookMs))
  return {
    firstAt,
    answered: ofCanary.length,
    failed: ofCanary.filter(({ status }) => status >= 500).length,
    slow: ofCanary.filter(({ status, tookMs }) => status < 500 && tookMs > edgeMs).length,
  }
}
