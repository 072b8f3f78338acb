import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PlimsollError, type Problem } from '../../kernel/errors.ts'
import type { Scenario, User } from '../scenario.ts'

/** What a scenario file exports. */
export type ScenarioFile = {
  readonly scenarios: readonly Scenario[]
  /** For paths. */
  readonly baseUrl: string | undefined
  readonly thresholds: readonly string[]
  /** Once before the load, in none of the results; what it returns every user sees as `data`. */
  readonly setUp: ((user: User) => Promise<unknown>) | undefined
  /** Once after the load, also when that failed. */
  readonly tearDown: ((user: User) => Promise<void>) | undefined
}

const face = new URL('../scenario.ts', import.meta.url).href
let hooked = false

/** `plimsoll/load` is found though the scenario's repository has no such package. */
function provideFace(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'plimsoll/load' ? { url: face, shortCircuit: true } : next(specifier, context),
  })
}

/**
 * Where in the scenario's file something was thrown: `pay.ts:14`; undefined when the file is not on the stack.
 * Node.js leaves lines as they are when it takes types away.
 */
export function placeOf(error: unknown, file: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const path of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${path}:`)
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + path.length + 1))?.[0]
    if (line) return `${basename(file)}:${line}`
  }
  return undefined
}

const refuse = (problems: readonly Problem[], cause?: unknown) =>
  new PlimsollError('PLM_LOAD_SCENARIO', problems, cause === undefined ? {} : { cause })

const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' && value !== null && (value as Scenario).kind === 'plimsoll.scenario'

function read(file: string, exports: Readonly<Record<string, unknown>>): ScenarioFile {
  const name = basename(file)
  const problems: Problem[] = []
  const expect = (holds: boolean, text: string): void => {
    if (!holds) problems.push({ place: name, text })
  }
  const { default: main, baseUrl, thresholds = [], setUp, tearDown } = exports
  const scenarios = Array.isArray(main) ? main : [main]
  expect(
    main !== undefined,
    'it exports nothing by default: `export default scenario(name, async (user) => …)`',
  )
  if (main !== undefined)
    expect(
      scenarios.length > 0 && scenarios.every(isScenario),
      'what it exports by default is no scenario, nor a list of them',
    )
  for (const one of scenarios.filter(isScenario))
    expect(
      Number.isFinite(one.weight) && one.weight > 0,
      `the weight of ${one.name} is ${one.weight}, expected a number above 0`,
    )
  expect(
    baseUrl === undefined || (typeof baseUrl === 'string' && URL.canParse(baseUrl)),
    'baseUrl is not an address',
  )
  expect(
    Array.isArray(thresholds) && thresholds.every((one) => typeof one === 'string'),
    'thresholds is not a list of texts such as p99<250ms',
  )
  for (const [key, value] of Object.entries({ setUp, tearDown }))
    expect(value === undefined || typeof value === 'function', `${key} is not a function`)
  if (problems.length > 0) throw refuse(problems)
  return {
    scenarios: scenarios as Scenario[],
    baseUrl: baseUrl as string | undefined,
    thresholds: thresholds as string[],
    setUp: setUp as ScenarioFile['setUp'],
    tearDown: tearDown as ScenarioFile['tearDown'],
  }
}

/**
 * Imports a scenario file; real packages may be used in it.
 * @param file absolute path
 * @throws PLM_LOAD_SCENARIO with the place when it cannot be read, throws, or exports something else
 */
export async function loadScenarioFile(file: string): Promise<ScenarioFile> {
  if (!existsSync(file)) throw refuse([{ text: `there is no file ${file}` }])
  provideFace()
  let exports: Record<string, unknown>
  try {
    exports = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    if (error instanceof PlimsollError) throw error
    const place = placeOf(error, file)
    const text = error instanceof Error ? error.message : String(error)
    throw refuse([{ ...(place ? { place } : {}), text }], error)
  }
  return read(file, exports)
}
