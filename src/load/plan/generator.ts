/** How the load generator itself fared. Durations in milliseconds, shares of one core 0 … 1. */
export type GeneratorFigures = {
  readonly sendLagP99Ms: number | undefined
  readonly scheduled: number
  readonly sent: number
  /** Never so many connections were open as were allowed. */
  readonly belowConnectionCap: boolean
  /** Of the busiest worker. */
  readonly busyShare: number
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
const gcShareOfObjective = 0.25

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
const ms = (durationMs: number): string => `${durationMs.toFixed(durationMs < 10 ? 2 : 0)} ms`

/**
 * Whether the generator kept up with its schedule. When it did not, what it measured says something of itself, not of
 * the service: such a run is inconclusive, never failed.
 * @param objectiveMs the latency that is asked about; 100 ms when nothing is known of it
 * @returns reasons; empty when it kept up
 */
export function whySaturated(figures: GeneratorFigures, objectiveMs = 100): readonly string[] {
  const { sendLagP99Ms, scheduled, sent, belowConnectionCap, busyShare, gcShare, longestGcMs, outOfSockets } =
    figures
  const allowedLagMs = Math.max(lagMs, lagShareOfObjective * objectiveMs)
  return [
    ...(sendLagP99Ms !== undefined && belowConnectionCap && sendLagP99Ms > allowedLagMs
      ? [`requests were sent late: send lag p99 ${ms(sendLagP99Ms)}, allowed ${ms(allowedLagMs)}`]
      : []),
    ...(belowConnectionCap && scheduled > 0 && sent / scheduled < leastSentShare
      ? [`only ${percent(sent / scheduled)} of the schedule was sent`]
      : []),
    ...(busyShare > mostBusyShare
      ? [`its busiest worker was at work ${percent(busyShare)} of the time`]
      : []),
    ...(gcShare > mostGcShare ? [`it collected garbage for ${percent(gcShare)} of the time`] : []),
    ...(longestGcMs > gcShareOfObjective * objectiveMs
      ? [`it paused ${ms(longestGcMs)} to collect garbage`]
      : []),
    ...(outOfSockets > 0 ? [`it ran out of sockets ${outOfSockets} times`] : []),
  ]
}
