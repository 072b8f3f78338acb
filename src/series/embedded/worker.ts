import { parentPort, workerData } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/errors.ts'
import { type Engine, openEngine } from './engine.ts'
import type { Ask, Asked, Failure, Start, Told } from './protocol.ts'

function failureOf(error: unknown): Failure {
  if (!(error instanceof PlimsollError))
    return { code: undefined, text: String((error as Error)?.stack ?? error) }
  return { code: error.code, text: error.problems.map(({ text }) => text).join(' ') }
}

const tell = (told: Told): void => parentPort?.postMessage(told)

function answer(engine: Engine, ask: Ask): unknown {
  switch (ask.is) {
    case 'append':
      return engine.append(ask.readings)
    case 'select':
      return engine.select(ask.matchers, ask.from, ask.to)
    case 'instant':
      return engine.instant(ask.query, ask.at)
    case 'range':
      return engine.range(ask.query, ask.from, ask.to, ask.stepMs)
    case 'flush':
      return engine.flush()
    case 'status':
      return engine.status()
    case 'close':
      return engine.close()
  }
}

function serve(engine: Engine): void {
  let isOpen = true
  let isSealing = false
  /** Some series in a turn, so that what is asked meanwhile does not wait for all. */
  function sealOn(): void {
    isSealing = false
    try {
      if (isOpen && engine.sealMore()) sealSoon()
    } catch (error) {
      tell({ is: 'problem', failure: failureOf(error) })
    }
  }
  function sealSoon(): void {
    if (isSealing) return
    isSealing = true
    setImmediate(sealOn)
  }
  parentPort?.on('message', ({ number, ask }: Asked) => {
    if (ask.is === 'close') isOpen = false
    try {
      const value = answer(engine, ask)
      tell({ is: 'done', number, value })
      if (ask.is === 'flush') sealSoon()
    } catch (error) {
      tell({ is: 'failed', number, failure: failureOf(error) })
    }
    if (!isOpen) parentPort?.close()
  })
}

try {
  const start = workerData as Start
  const engine = openEngine({
    ...start,
    tell: (problem) => tell({ is: 'problem', failure: failureOf(problem) }),
  })
  serve(engine)
  tell({ is: 'ready' })
} catch (error) {
  tell({ is: 'failed', number: undefined, failure: failureOf(error) })
  parentPort?.close()
}
