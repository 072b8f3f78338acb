import { Worker } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/index.ts'
import type { FromStage, StageStart, ToStage } from './stage-worker.ts'

/** Longer than any set-up takes that is meant to end. */
const patienceMs = 600_000

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
 * @param signal ends the reading and the set-up; the tear-down is for what these left behind
 * @throws PLM_LOAD_SCENARIO with the place, when it cannot be used
 */
export async function openStage(start: StageStart, signal?: AbortSignal): Promise<Stage> {
  const thread = new Worker(new URL('./stage-worker.ts', import.meta.url), { workerData: start })
  const close = async () => void (await thread.terminate())

  function hear<K extends FromStage['is']>(is: K, until?: AbortSignal): Promise<FromStage & { is: K }> {
    return new Promise((resolve, reject) => {
      const refuse = (text: string, options?: ErrorOptions) => {
        done()
        reject(new PlimsollError('PLM_LOAD_SCENARIO', text, options))
      }
      const onMessage = (message: FromStage) => {
        done()
        if (message.is === is) resolve(message as FromStage & { is: K })
        else if (message.is === 'failed') reject(new PlimsollError(message.code, message.problems))
      }
      const onExit = () => refuse('its thread ended before its time')
      const onError = (error: Error) => refuse(error.message, { cause: error })
      const onAbort = () => refuse(`${is}: it was interrupted`)
      const late = setTimeout(() => refuse(`${is}: it did not end within ten minutes`), patienceMs)
      const done = () => {
        clearTimeout(late)
        until?.removeEventListener('abort', onAbort)
        thread.off('message', onMessage).off('exit', onExit).off('error', onError)
      }
      thread.on('message', onMessage).on('exit', onExit).on('error', onError)
      until?.addEventListener('abort', onAbort)
      if (until?.aborted) onAbort()
    })
  }

  function ask<K extends ToStage['is']>(is: K, until?: AbortSignal): Promise<FromStage & { is: K }> {
    const answer = hear(is, until)
    thread.postMessage({ is } satisfies ToStage)
    return answer
  }

  try {
    const { baseUrl, thresholds } = await hear('read', signal)
    return {
      baseUrl,
      thresholds,
      setUp: async () => (await ask('setUp', signal)).data,
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
  signal?: AbortSignal,
): Promise<{ readonly baseUrl: string | undefined; readonly thresholds: readonly string[] }> {
  const { baseUrl, thresholds, close } = await openStage(start, signal)
  await close()
  return { baseUrl, thresholds }
}
