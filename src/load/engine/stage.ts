import { Worker } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/index.ts'
import type { FromStage, StageStart, ToStage } from './stage-worker.ts'

/** A scenario file in a thread of its own: what comes before and after the load is done there. */
export interface Stage {
  readonly baseUrl: string | undefined
  readonly thresholds: readonly string[]
  /** @returns what every user sees as its `data` */
  setUp(): Promise<unknown>
  tearDown(): Promise<void>
  close(): Promise<void>
}

/**
 * Reads a scenario file; nothing of it runs in this thread.
 * @throws PLM_LOAD_SCENARIO with the place, when it cannot be used
 */
export async function openStage(start: StageStart): Promise<Stage> {
  const thread = new Worker(new URL('./stage-worker.ts', import.meta.url), { workerData: start })
  const close = async () => void (await thread.terminate())

  function hear<K extends FromStage['is']>(is: K): Promise<FromStage & { is: K }> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: FromStage) => {
        done()
        if (message.is === is) resolve(message as FromStage & { is: K })
        else if (message.is === 'failed') reject(new PlimsollError(message.code, message.problems))
      }
      const onExit = () => {
        done()
        reject(new PlimsollError('PLM_LOAD_SCENARIO', 'its thread ended before its time'))
      }
      const onError = (error: Error) => {
        done()
        reject(new PlimsollError('PLM_LOAD_SCENARIO', error.message, { cause: error }))
      }
      const done = () => {
        thread.off('message', onMessage).off('exit', onExit).off('error', onError)
      }
      thread.on('message', onMessage).on('exit', onExit).on('error', onError)
    })
  }

  function ask<K extends ToStage['is']>(is: K): Promise<FromStage & { is: K }> {
    const answer = hear(is)
    thread.postMessage({ is } satisfies ToStage)
    return answer
  }

  try {
    const { baseUrl, thresholds } = await hear('read')
    return {
      baseUrl,
      thresholds,
      setUp: async () => (await ask('setUp')).data,
      tearDown: async () => void (await ask('tearDown')),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a scenario file says of itself. */
export async function readScenarioFile(
  start: StageStart,
): Promise<{ readonly baseUrl: string | undefined; readonly thresholds: readonly string[] }> {
  const { baseUrl, thresholds, close } = await openStage(start)
  await close()
  return { baseUrl, thresholds }
}
