/** A counter of the team's own by which a canary is judged: of so many, so many were bad. */
export type CounterSettings = {
  readonly name: string
  /** What is counted, as a selector of series: `payments_total{outcome="declined"}`. */
  readonly of: string
  /** What it is a part of: `payments_total`. */
  readonly among: string
  /** Whether more of them are worse, or fewer. */
  readonly worse: 'more' | 'fewer'
  /** Either side must have counted so many, of `among`, before anything passes. */
  readonly atLeast: number
  /** Its part of the chance of a false alarm, beside 3 for failures and 1 for latency. */
  readonly weight: number
}

/** How the judge calls what is bad about a counter. */
export const badName = ({ name, worse }: CounterSettings): string => (worse === 'more' ? name : `not ${name}`)
