import type { DeploymentState, StageDone } from '../../../deploy/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { failureOf, idsOf, type Result, type Span, type SpanRef, shortened, type Trace } from './span.ts'

/** As `runIds`. */
export const deploymentIds = ({
  id,
  requestedAt,
  release,
}: Pick<DeploymentState, 'id' | 'requestedAt' | 'release'>) =>
  idsOf(`deployment/${id}/${requestedAt}/${release}`)

/** Of the stage at a place of the rail. */
export const stageName = (place: number): string => `stage/${place}`

const results: Readonly<Record<DeploymentState['standing'], Result>> = {
  waiting: 'skip',
  running: 'error',
  passed: 'success',
  failed: 'failure',
  inconclusive: 'error',
  cancelled: 'cancellation',
}

type Place = {
  readonly state: DeploymentState
  readonly ids: ReturnType<typeof deploymentIds>
  readonly end: Instant
}

/** Until it changed anything: in the queue, and before its gates. */
function waited({ state, ids, end }: Place): Span[] {
  const until = state.rail[0]?.startedAt ?? end
  if (until <= state.requestedAt) return []
  return [
    {
      id: ids.span('wait'),
      parent: ids.span(),
      name: 'wait for the environment and the gates',
      kind: 'internal',
      startedAt: state.requestedAt,
      endedAt: until,
      attributes: { 'plimsoll.gates': state.gates.map(({ name, verdict }) => `${name}=${verdict.is}`) },
    },
  ]
}

const turned: Readonly<Record<NonNullable<StageDone['turnedAs']>, Result>> = {
  failed: 'failure',
  inconclusive: 'error',
  cancelled: 'cancellation',
}

function stageSpan({ state, ids, end }: Place, stage: StageDone, place: number): Span {
  const { title, startedAt, endedAt = end, turnedAs } = stage
  const because = state.reasons.map(({ text }) => text).join('; ')
  const { error, type } = turnedAs ? failureOf(turned[turnedAs], because, turnedAs) : {}
  return {
    id: ids.span(stageName(place)),
    parent: ids.span(),
    name: title,
    kind: 'internal',
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
    attributes: {
      'plimsoll.stage': place,
      'plimsoll.waiver': stage.letThrough && shortened(stage.letThrough.because),
      'error.type': type,
    },
    ...(error === undefined ? {} : { error }),
  }
}

function whole({ state, ids, end }: Place, run: SpanRef | undefined): Span {
  const { service, environment, standing } = state
  const because = state.reasons.map(({ text }) => text).join('; ')
  const { error, type } = failureOf(results[standing], because || undefined, standing)
  return {
    id: ids.span(),
    name: `${state.kind} ${service} to ${environment}`,
    kind: 'server',
    startedAt: state.requestedAt,
    endedAt: end,
    attributes: {
      'deployment.id': state.id,
      'deployment.name': `${service} ${environment}`,
      'deployment.status': standing === 'passed' ? 'succeeded' : 'failed',
      'deployment.environment.name': environment,
      'error.type': type,
      'plimsoll.service': service,
      'plimsoll.release': state.release,
      'plimsoll.from_release': state.from?.release,
      'plimsoll.strategy': state.settings.strategy.is,
      'plimsoll.standing': standing,
    },
    ...(error === undefined ? {} : { error }),
    ...(run ? { links: [run] } : {}),
  }
}

/**
 * The trace of a deployment that has ended: the deployment, how long it waited, and each stage of its rail, the way back
 * as well.
 * @param run the run that built the release, where it is known
 */
export function traceOfDeployment(state: DeploymentState, run: SpanRef | undefined): Trace {
  const ids = deploymentIds(state)
  const place: Place = { state, ids, end: Math.max(state.requestedAt, state.endedAt ?? state.requestedAt) }
  const stages = state.rail.map((stage, i) => stageSpan(place, stage, i))
  return { id: ids.trace, spans: [whole(place, run), ...waited(place), ...stages] }
}
