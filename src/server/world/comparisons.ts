import { join } from 'node:path'
import type { Comparisons } from '../../flow/world.ts'
import type { Digest } from '../../kernel/index.ts'
import {
  type CompareEnd,
  type CompareProgress,
  type CompareSpec,
  type CompareStart,
  defaultCompareOptions,
  type SideSpec,
  type SideStart,
} from '../../load/index.ts'
import { filesOf, unpackBundle } from '../../pipeline/index.ts'
import { createLoadJobs, type Deps } from './load-jobs.ts'

/** Beyond its budget: getting to know the base, unpacking, a last round that was begun in time. */
const marginMs = 300_000

/** Beside production everything of a comparison goes last: what production needs, it gets. */
const lowest = ['nice', '-n', '19'] as const

function sideOf(name: string, exactly: Digest, folder: string, side: SideStart, prepare?: string): SideSpec {
  return {
    name,
    exactly,
    service: {
      name,
      folder,
      command: side.command,
      portVariable: side.portVariable,
      health: side.healthPath,
      readyWithinMs: side.readyWithinMs,
      graceMs: side.graceMs,
      ...(prepare === undefined ? {} : { prepare }),
    },
  }
}

function specOf({ release, against, names, settings }: CompareStart, folder: string): CompareSpec {
  const { base, change, path, scenario, objective, prepare, budgetMs, margin, besideProduction, sizes } =
    settings
  const { margins } = defaultCompareOptions
  // As many digits of the name as make a number: the same comparison has the same order of rounds.
  const seed = Number.parseInt(release.slice(-8), 16)
  return {
    base: sideOf(names.base, against, join(folder, 'base'), base, prepare),
    change: sideOf(names.change, release, join(folder, 'change'), change, prepare),
    path,
    // That of what runs: no change goes easy on itself.
    ...(scenario === undefined ? {} : { scenario: join(folder, 'base', scenario) }),
    sends: scenario ?? path,
    objective,
    options: { ...defaultCompareOptions, margins: { ...margins, loadLine: margin }, budgetMs, seed },
    besideProduction,
    ...(sizes ? { sizes } : {}),
  }
}

/** Comparisons as commands of this machine, each in a folder with copies of both releases. */
export const createComparisons = (deps: Deps): Comparisons =>
  createLoadJobs<CompareStart, CompareEnd, CompareProgress>(deps, {
    kind: 'comparison',
    program: 'compare/main',
    under: (...program) => [...lowest, ...program],
    /** Copies: an instance that writes into its folder must not change the release that serves. */
    async layOut(start, folder) {
      await unpackBundle(deps.blobs, await filesOf(deps.blobs, start.against), join(folder, 'base'))
      await unpackBundle(deps.blobs, await filesOf(deps.blobs, start.release), join(folder, 'change'))
      const { budgetMs, env } = start.settings
      return { spec: specOf(start, folder), env, timeoutMs: budgetMs + marginMs }
    },
  })
