import type { ComparisonSummary, ComparisonView, EffectView, RoundView } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import type { Evidence } from '../../kernel/index.ts'
import {
  type CompareState,
  type ComparisonEvidence,
  effectFigures,
  type LoadLineBody,
  loadLineBody,
  type MeasuredRound,
  placeText,
} from '../../load/index.ts'
import { nameRelease } from './releases.ts'

/** One line of a list. */
export async function summariseComparison(world: World, state: CompareState): Promise<ComparisonSummary> {
  const { id, service, environment, standing, text, requestedAt, startedAt, endedAt } = state
  return {
    id,
    service,
    environment,
    standing,
    text,
    release: await nameRelease(world, state.release),
    against: await nameRelease(world, state.against),
    requestedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

const roundView = ({ order, base, change, void: because }: MeasuredRound): RoundView => ({
  order,
  base: base.carriesPerSecond,
  change: change.carriesPerSecond,
  ratio: change.carriesPerSecond / base.carriesPerSecond - 1,
  ...(because === undefined ? {} : { void: because }),
})

const effectViews = (evidence: ComparisonEvidence): EffectView[] =>
  effectFigures(evidence).map(({ effect, p, title, baseText, changeText, worse }) => ({
    metric: effect.metric,
    title,
    baseText,
    changeText,
    estimate: effect.estimate,
    interval: effect.interval,
    p,
    margin: effect.margin,
    worse,
    verdict: effect.verdict,
  }))

const whereText = (place: ComparisonEvidence['place']): string =>
  `${placeText(place)}${place.besideProduction ? ', beside production, at the lowest priority' : ''}`

type Compared = Extract<LoadLineBody, { is: 'compared' }>

/** What evidence of the kind `loadLine` says of a comparison; undefined for a baseline. */
export function comparedIn({ body }: Evidence): Compared | undefined {
  const read = loadLineBody.safeParse(body)
  return read.success && read.data.is === 'compared' ? read.data : undefined
}

async function keptOf(world: World, state: CompareState): Promise<Evidence | undefined> {
  if (!state.evidence) return undefined
  const known = await world.evidence.about(state.release, ['loadLine'])
  return known.find(({ id }) => id === state.evidence)
}

/** What it is made by; empty when there can be none. */
function settingsOf({ how }: CompareState): Pick<ComparisonView, 'sends' | 'objective' | 'budgetMs'> {
  if (how.is === 'impossible') return { sends: '', objective: '', budgetMs: 0 }
  const { scenario, path, objective, budgetMs } = how.settings
  return { sends: scenario ?? path, objective, budgetMs }
}

/** The page of one comparison. */
export async function viewComparison(world: World, state: CompareState): Promise<ComparisonView> {
  const kept = await keptOf(world, state)
  const compared = kept && comparedIn(kept)
  const progress = compared ? undefined : await world.comparisons.progress(state.id)
  const rounds = compared?.measured ?? progress?.rounds ?? []
  const elapsedMs = compared?.elapsedMs ?? progress?.elapsedMs
  return {
    schemaVersion: 1,
    ...(await summariseComparison(world, state)),
    ...settingsOf(state),
    actor: state.actor,
    reasons: state.reasons.map(({ text, next }) => ({ text, ...(next === undefined ? {} : { next }) })),
    ...(elapsedMs === undefined ? {} : { elapsedMs }),
    rounds: rounds.map(roundView),
    effects: compared ? effectViews(compared) : [],
    smallestEffect: compared?.smallestEffect ?? null,
    ...(compared ? { place: whereText(compared.place) } : {}),
    ...(kept ? { evidence: kept.id } : {}),
    ...(compared?.importedBy === undefined ? {} : { importedBy: compared.importedBy }),
  }
}
