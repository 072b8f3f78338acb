import type { DeploymentView } from '../../contract/index.ts'
import type { DeploymentState, Stage, StageDone } from '../../deploy/index.ts'

type Step = DeploymentView['rail'][number]

const waivedText = ({ because, waiver }: NonNullable<StageDone['letThrough']>): string =>
  `${because}; let through by ${waiver.owner}: ${waiver.reason}`

/**
 * @param because what the stage that goes on waits for
 * @param isHeld it has failed, and there is no way back by itself
 */
function begunStep(
  { title, startedAt, endedAt, turnedAs, letThrough }: StageDone,
  stage: Stage | undefined,
  because: string | undefined,
  isHeld: boolean,
): Step {
  return {
    title,
    standing:
      endedAt === undefined
        ? isHeld
          ? 'failed'
          : 'running'
        : (turnedAs ?? (letThrough ? 'failed' : 'passed')),
    at: startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(endedAt === undefined && because ? { because } : {}),
    ...(letThrough ? { because: waivedText(letThrough) } : {}),
    ...(stage?.task ? { task: stage.task } : {}),
  }
}

/** The stages of a deployment: those that were begun, where it was turned round, and those that are to come. */
export function railView(
  { rail, stages, phase, heldFor }: DeploymentState,
  because: string | undefined,
): Step[] {
  const standing = phase === 'ended' ? 'skipped' : 'waiting'
  const isHeld = phase === 'moving' && heldFor !== undefined
  const coming = stages.slice(rail.length).map(({ title }) => ({ title, standing }) as const)
  return [...rail.map((done, i) => begunStep(done, stages[i], because, isHeld)), ...coming]
}
