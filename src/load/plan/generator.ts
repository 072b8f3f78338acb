/** How the load generator itself fared. Durations in milliseconds, shares of one core 0 … 1. */
export type GeneratorFigures = {
  readonly sendLagP99Ms: number | undefined
  readonly scheduled: number
  readonly sent: number
  /** Never so many connections were open as were allowed. */
  readonly belowConnectionCap: boolean
  /** Of the busiest worker. */
  readonly busyShare: number
  readonly gcMs: number
  readonly gcShare: number
  readonly longestGcMs: number
  readonly outOfSockets: number
}

// Starting values, to be tuned on measurements.
const lagMs = 1
const lagShareOfObjective = 0.05
const leastSentShare = 0.99
const mostBusyShare = 0.85
const mostGcShare = 0.02
/** A start costs some garbage, which would be a large share of a short run. */
const leastGcMs = 200
const gcShareOfObjective = 0.25

const because = (text: string): Saturation => ({ text, addsMs: Number.POSITIVE_INFINITY })
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
const ms = (durationMs: number): string => `${durationMs.toFixed(durationMs < 10 ? 2 : 0)} ms`

/**
 * Why the generator is not believed. `addsMs`: to a service time it adds so many milliseconds at most. 0: it sent later
 * than intended, which is in the response times, but not in the service times, nor in whether a request failed.
 */
export type Saturation = { readonly text: string; readonly addsMs: number }

/**
 * Whether the generator kept up with its schedule. When it did not, what it measured says something of itself, not of
 * the service: such a run is inconclusive, never failed.
 * @param objectiveMs the latency that is asked about; 100 ms when nothing is known of it
 * @returns reasons; empty when it kept up
 */
export function whySaturated(figures: GeneratorFigures, objectiveMs = 100): readonly Saturation[] {
  const {
    sendLagP99Ms,
    scheduled,
    sent,
    belowConnectionCap,
    busyShare,
    gcMs,
    gcShare,
    longestGcMs,
    outOfSockets,
  } = figures
  const allowedLagMs = Math.max(lagMs, lagShareOfObjective * objectiveMs)
  return [
    ...(sendLagP99Ms !== undefined && belowConnectionCap && sendLagP99Ms > allowedLagMs
      ? [
          {
            text: `requests were sent late: send lag p99 ${ms(sendLagP99Ms)}, allowed ${ms(allowedLagMs)}`,
            addsMs: 0,
          },
        ]
      : []),
    ...(belowConnectionCap && scheduled > 0 && sent / scheduled < leastSentShare
      ? [because(`only ${percent(sent / scheduled)} of the schedule was sent`)]
      : []),
    ...(busyShare > mostBusyShare
      ? [because(`its busiest worker was at work ${percent(busyShare)} of the time`)]
      : []),
    ...(gcShare > mostGcShare && gcMs > leastGcMs
      ? [{ text: `it collected garbage for ${percent(gcShare)} of the time`, addsMs: gcMs }]
      : []),
    ...(longestGcMs > gcShareOfObjective * objectiveMs
      ? [{ text: `it paused ${ms(longestGcMs)} to collect garbage`, addsMs: gcMs }]
      : []),
    ...(outOfSockets > 0 ? [because(`it ran out of sockets ${outOfSockets} times`)] : []),
  ]
}
