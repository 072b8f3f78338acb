import { nearest, type Problem } from '../../kernel/index.ts'
import type { PipelineConfig } from '../config.ts'

function checkNeeds(pipeline: PipelineConfig): Problem[] {
  const names = Object.keys(pipeline)
  return Object.entries(pipeline).flatMap(([name, job]) =>
    job.needs.flatMap((need, i): Problem[] => {
      const at = `pipeline.${name}.needs[${i}]`
      if (need === name) return [{ at, text: `${at} names the job itself` }]
      if (names.includes(need)) return []
      const didYouMean = nearest(need, names)
      const text = `${at} is ${need}, but no job has that name`
      return [{ at, text, ...(didYouMean ? { didYouMean } : {}) }]
    }),
  )
}

/** Jobs in an order in which each comes after those it needs, otherwise as written; what is left over is in a circle. */
function sortJobs(pipeline: PipelineConfig): { order: string[]; circle: string[] } {
  const order: string[] = []
  const placed = new Set<string>()
  let left = Object.keys(pipeline)
  for (;;) {
    const ready = left.filter((name) => pipeline[name]?.needs.every((need) => placed.has(need)))
    if (ready.length === 0) return { order, circle: left }
    for (const name of ready) placed.add(name)
    order.push(...ready)
    left = left.filter((name) => !placed.has(name))
  }
}

/** Jobs of a circle, one after the other, as people would draw it: a, b, a. */
function traceCircle(pipeline: PipelineConfig, circle: readonly string[]): string[] {
  const path: string[] = []
  let name = circle[0]
  while (name !== undefined && !path.includes(name)) {
    path.push(name)
    name = pipeline[name]?.needs.find((need) => circle.includes(need))
  }
  return name === undefined ? path : [...path.slice(path.indexOf(name)), name]
}

/**
 * What is wrong with a pipeline beyond the shape of its parts: needs that no job meets, and circles. All problems at once; none for a pipeline that can be planned.
 */
export function checkPipeline(pipeline: PipelineConfig): Problem[] {
  const problems = checkNeeds(pipeline)
  if (problems.length > 0) return problems
  const { circle } = sortJobs(pipeline)
  if (circle.length === 0) return []
  const text = `the jobs of the pipeline wait for each other: ${traceCircle(pipeline, circle).join(' needs ')}`
  return [{ at: 'pipeline', text }]
}

/** Job names in the order of planning. Only for a pipeline without problems. */
export const orderJobs = (pipeline: PipelineConfig): string[] => sortJobs(pipeline).order
