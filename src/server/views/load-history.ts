import type { LoadHistoryView } from '../../contract/index.ts'
import { laneId } from '../../deploy/index.ts'
import { readLane, readService } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type Digest, type Evidence, shortDigest } from '../../kernel/index.ts'
import { historyOf, type LoadStep } from '../../load/index.ts'
import { comparedIn, summariseComparison } from './comparison.ts'
import { comparisonsIn } from './records.ts'
import { nameRelease } from './releases.ts'

/** A release's load line beside that of the one before it, as evidence has it. */
type Link = { readonly evidence: Evidence; readonly against: Digest }

/** So many releases back. */
const longest = 200

async function linkOf(world: World, release: Digest): Promise<Link | undefined> {
  const known = await world.evidence.about(release, ['loadLine'])
  const evidence = known.filter(({ about }) => about.against !== undefined).at(-1)
  return evidence?.about.against ? { evidence, against: evidence.about.against } : undefined
}

/** From what runs back to the baseline, each with what it was compared with; oldest first. */
async function chainOf(world: World, live: Digest): Promise<readonly Link[]> {
  const chain: Link[] = []
  const seen = new Set<Digest>([live])
  for (let at = live; chain.length < longest; ) {
    const link = await linkOf(world, at)
    if (!link || seen.has(link.against)) break
    chain.unshift(link)
    seen.add(link.against)
    at = link.against
  }
  return chain
}

const isBaseline = async (world: World, release: Digest): Promise<boolean> =>
  (await world.evidence.about(release, ['loadLine'])).some(({ about }) => about.against === undefined)

/** Releases as people call them, in a sentence that names them by their digests. */
const withShortNames = (text: string): string =>
  text.replaceAll(/sha256:[0-9a-f]{64}/g, (digest) => shortDigest(digest))

function stepOf({ evidence: { id, at, about, body } }: Link): LoadStep {
  const compared = comparedIn({ id, at, about, body, kind: 'loadLine' })
  const primary = compared?.primary
  return {
    release: about.release,
    at,
    comparison: compared?.comparison ?? '',
    estimate: primary?.estimate ?? null,
    interval: primary?.interval ?? null,
    p: primary?.p ?? 1,
    ...(primary ? { rounds: primary.rounds } : {}),
  }
}

/** The environment whose gate compares releases; the last one, when there are several. */
async function gatedLive(world: World, service: string): Promise<Digest | undefined> {
  const environments = (await readService(world.journal, service))?.guard?.config.environments ?? {}
  const gated = Object.entries(environments).filter(([, { gates }]) => gates.includes('loadLine'))
  const [name] = gated.at(-1) ?? []
  return name === undefined
    ? undefined
    : (await readLane(world.journal, laneId(service, name)))?.live?.release
}

/** How the load line of a service went from release to release, and every comparison. */
export async function viewLoadHistory(world: World, service: string): Promise<LoadHistoryView> {
  const live = await gatedLive(world, service)
  const chain = live ? await chainOf(world, live) : []
  const baseline = chain[0]?.against ?? (live && (await isBaseline(world, live)) ? live : undefined)
  const { points, shifts, drift, text } = historyOf(chain.map(stepOf), {
    ...(baseline ? { first: { release: baseline, at: (await nameRelease(world, baseline)).builtAt } } : {}),
  })
  const comparisons = await comparisonsIn(world, service)
  return {
    schemaVersion: 1,
    service,
    text: withShortNames(text),
    comparisons: await Promise.all(comparisons.map((one) => summariseComparison(world, one))),
    line: await Promise.all(
      points.map(async ({ release, comparison, at, index, interval }) => ({
        release: await nameRelease(world, release as Digest),
        ...(comparison ? { comparison } : {}),
        at,
        index,
        interval,
      })),
    ),
    shifts: [...shifts],
    drift: drift && { first: drift.first, last: drift.last, ratio: drift.ratio, p: drift.p },
  }
}
