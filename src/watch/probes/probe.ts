import type { Instant } from '../../kernel/index.ts'
import type { Labels, Reading } from '../../series/index.ts'
import type { JourneyProbe, ProbeConfig } from './config.ts'
import { askHttp } from './http.ts'
import { dnsProblems, httpProblems, tlsProblems } from './plan/expectations.ts'
import { askDns, askTcp, askTls } from './sockets.ts'

/** A step of a journey. */
export type ProbeStep = {
  readonly name: string
  readonly durationMs?: number
  readonly isWell: boolean
}

export type ProbeResult = {
  readonly durationMs: number
  /** Everything that was not as expected. */
  readonly problems: readonly string[]
  /** Of TLS. */
  readonly endsAt?: Instant
  /** Of a journey. */
  readonly steps?: readonly ProbeStep[]
}

type Found = { readonly problems: readonly string[]; readonly endsAt?: Instant }

/** One request, connection or question; a journey is asked by whoever can drive one. */
export type PlainProbe = Exclude<ProbeConfig, JourneyProbe>

async function ask(
  probe: PlainProbe,
  base: string | undefined,
  now: Instant,
  signal: AbortSignal,
): Promise<Found> {
  switch (probe.kind) {
    case 'http': {
      const url = probe.url.startsWith('/') ? base && new URL(probe.url, base).href : probe.url
      if (!url) return { problems: ['there is no address yet'] }
      return { problems: httpProblems(probe, await askHttp(url, probe, signal)) }
    }
    case 'tcp':
      await askTcp(probe.host, probe.port, signal)
      return { problems: [] }
    case 'tls': {
      const certificate = await askTls(probe, signal)
      return { problems: tlsProblems(probe, certificate, now), endsAt: certificate.endsAt }
    }
    case 'dns':
      return { problems: dnsProblems(probe, await askDns(probe, signal)) }
  }
}

/**
 * Asks once.
 * @param base address of the environment, which paths are asked of
 */
export async function runProbe(
  probe: PlainProbe,
  base: string | undefined,
  now: Instant,
): Promise<ProbeResult> {
  const begun = performance.now()
  const signal = AbortSignal.timeout(probe.within)
  const found = await ask(probe, base, now, signal).catch((error: NodeJS.ErrnoException): Found => {
    if (signal.aborted) return { problems: [`no answer within ${probe.within} ms`] }
    return { problems: [error.code ? `no answer: ${error.code}` : error.message] }
  })
  return { ...found, durationMs: performance.now() - begun }
}

/** What a probe found, as readings. */
export function probeReadings(
  { durationMs, problems, endsAt, steps = [] }: ProbeResult,
  labels: Labels,
  at: Instant,
): Reading[] {
  const reading = (name: string, value: number, more: Labels = {}): Reading => ({
    name,
    labels: { ...labels, ...more },
    at,
    value,
  })
  return [
    reading('plimsoll_probe_success', problems.length === 0 ? 1 : 0),
    reading('plimsoll_probe_duration_seconds', durationMs / 1_000),
    ...(endsAt === undefined
      ? []
      : [reading('plimsoll_probe_certificate_end_timestamp_seconds', endsAt / 1_000)]),
    ...steps.flatMap(({ name, durationMs: stepMs }, i) =>
      stepMs === undefined
        ? []
        : [
            reading('plimsoll_probe_step_duration_seconds', stepMs / 1_000, {
              plimsoll_step: `${i + 1} ${name}`,
            }),
          ],
    ),
  ]
}
