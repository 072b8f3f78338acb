import type { ChangeView, Standing } from '../contract/index.ts'
import type { Journey } from '../contract/overview/journey.ts'
import { type Clock, formatDuration } from '../kernel/index.ts'
import type { Io } from './command.ts'
import { createLive } from './live.ts'
import { mark } from './marks.ts'

/** Shows how far a change is: a line whenever something on its way begins or ends, and what goes on meanwhile. */
export interface JourneyScreen {
  /** @param now what goes on, a line each */
  show(journey: Journey, now: readonly string[]): void
  /** The server was asked in vain. */
  away(): void
  end(): void
}

export function createJourneyScreen(io: Io, clock: Clock): JourneyScreen {
  const live = createLive(io.stderr, clock)
  const told = new Set<string>()
  const began = clock.now()
  let isAway = false
  let isOver = false

  function tell(key: string, line: string): void {
    if (told.has(key)) return
    told.add(key)
    live.say(line)
  }

  return {
    show({ steps, text }, now) {
      if (isAway) live.say('the server answers again')
      isAway = false
      for (const { key, standing, text: said } of steps)
        tell(`${key} ${standing}`, `${mark(standing, io.stderr)}  ${said}`)
      const since = formatDuration(clock.now() - began)
      live.show(now.length > 0 ? now : [`${mark('running', io.stderr)}  ${text} (${since})`])
    },
    away() {
      if (!isAway) live.say('the server does not answer; it is asked again')
      isAway = true
    },
    end() {
      if (!isOver) live.end()
      isOver = true
    },
  }
}

const standings: Readonly<Record<Journey['is'], Standing>> = {
  ...{ live: 'passed', failed: 'failed', inconclusive: 'inconclusive' },
  ...{ held: 'inconclusive', waits: 'waiting', going: 'running' },
}

/** How it ended: the verdict, why, and what to do next. */
export function renderJourney(
  { change, runs, deployments }: ChangeView,
  { is, text, reasons, next }: Journey,
  until: string | undefined,
  json: boolean,
  io: Io,
): string {
  if (json) {
    const run = runs[0] && { id: runs[0].id, standing: runs[0].standing, text: runs[0].text }
    const wanted = until === undefined ? {} : { until }
    return `${JSON.stringify({ schemaVersion: 1, change, ...wanted, is, text, reasons, next, run, deployments })}\n`
  }
  const over = is === 'going' ? ', and the time is over' : ''
  return [
    `${mark(standings[is], io.stdout)}  ${change.short} (${change.subject}): ${text}${over}`,
    ...reasons.filter((reason) => !text.includes(reason)).map((reason) => `  ${reason}`),
    ...(next === undefined ? [] : [`  next: ${next}`]),
    '',
  ].join('\n')
}
