import { type Key, traceparentOf } from '../../kernel/index.ts'
import { readDeployment, readRun } from '../records.ts'
import type { World } from '../world.ts'
import { deploymentIds, stageName } from './plan/deployment-trace.ts'
import { runIds } from './plan/run-trace.ts'

/** Of a command: the span that it is, so that spans of its own hang below it. Nothing while nobody collects traces. */
type Parent = { readonly TRACEPARENT?: string }

/** @param key of the try of a step */
export async function spanOfTry({ traces, journal }: World, run: string, key: Key): Promise<Parent> {
  const state = traces && (await readRun(journal, run))
  if (!state) return {}
  const ids = runIds(state)
  return { TRACEPARENT: traceparentOf(ids.trace, ids.span(key)) }
}

/** Of the stage that goes on: the last one of the rail. */
export async function spanOfStage({ traces, journal }: World, deployment: string): Promise<Parent> {
  const state = traces && (await readDeployment(journal, deployment))
  if (!state) return {}
  const ids = deploymentIds(state)
  return { TRACEPARENT: traceparentOf(ids.trace, ids.span(stageName(state.rail.length - 1))) }
}
