import type { Clock, Instant, Json } from '../kernel/index.ts'
import type { Journal } from '../store/index.ts'
import type { Absence } from '../watch/index.ts'

/** How often a server writes down that it is there. */
export const markEveryMs = 10_000
/** What lies further back excuses nothing any more. */
const keptMs = 40 * 86_400_000
const keptAtMost = 500

const presenceNote = 'watch/presence'

type Note = { readonly at: Instant; readonly absences: readonly Absence[] }

async function read(journal: Journal): Promise<Note | undefined> {
  // The note is written here only.
  return ((await journal.note(presenceNote)) ?? undefined) as Note | undefined
}

/** The times in which no server listened, from the oldest to the newest: they count against nobody who could not tell. */
export const absencesIn = async (journal: Journal): Promise<readonly Absence[]> =>
  (await read(journal))?.absences ?? []

/** Writes down that somebody listens again, and since when nobody had. Before anybody is judged. */
export async function beginPresence(journal: Journal, now: Instant): Promise<void> {
  const before = await read(journal)
  const away = before && before.at < now ? [{ from: before.at, to: now }] : []
  const absences = [...(before?.absences ?? []), ...away]
    .filter(({ to }) => now - to < keptMs)
    .slice(-keptAtMost)
  await journal.setNote(presenceNote, { at: now, absences } satisfies Note as unknown as Json)
}

async function mark(journal: Journal, now: Instant): Promise<void> {
  const before = await read(journal)
  await journal.setNote(presenceNote, {
    absences: before?.absences ?? [],
    at: now,
  } satisfies Note as unknown as Json)
}

/** That somebody listens, as it is written down. */
export interface Presence {
  /** Why it could not be written the last time: then nothing else can be, either. */
  trouble(): string | undefined
  stop(): Promise<void>
}

/** Writes down again and again that somebody listens, until it is stopped. */
export function keepPresent(journal: Journal, clock: Clock, onTrouble: (error: unknown) => void): Presence {
  const stopped = new AbortController()
  let trouble: string | undefined
  const failed = (error: unknown) => {
    trouble = error instanceof Error ? error.message : String(error)
    onTrouble(error)
  }
  const written = () => {
    trouble = undefined
  }
  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.until(clock.now() + markEveryMs, stopped.signal)
      await mark(journal, clock.now()).then(written, failed)
    }
  }
  const running = loop()
  return {
    trouble: () => trouble,
    async stop() {
      stopped.abort()
      // The last mark says until when.
      await running
    },
  }
}
