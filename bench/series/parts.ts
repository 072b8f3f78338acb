import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeriesStore } from '../../src/series/index.ts'
import type { SeriesServer } from '../../test/support/series-servers.ts'

export const hour = 3_600_000
export const day = 24 * hour
export const onProblem = (problem: Error) => console.error(problem.message)

export type Row = { readonly store: string; readonly figures: Readonly<Record<string, string>> }

export function show(title: string, rows: readonly Row[]): void {
  const names = Object.keys(rows[0]?.figures ?? {})
  console.log(`\n${title}\n${'store'.padEnd(18)}${names.map((name) => name.padStart(22)).join('')}`)
  for (const { store, figures } of rows)
    console.log(`${store.padEnd(18)}${names.map((name) => (figures[name] ?? '–').padStart(22)).join('')}`)
}

export const folderFor = () => mkdtempSync(join(tmpdir(), 'plimsoll-bench-series-'))

/** A store beside ours. */
export type Other = readonly [
  name: string,
  kind: 'prometheus' | 'victoria-metrics',
  start: () => Promise<SeriesServer>,
]

/** Seals what is over and waits until it is. */
export async function settled(store: SeriesStore): Promise<void> {
  await store.flush()
  await sleep(2_000)
  await store.flush()
}
