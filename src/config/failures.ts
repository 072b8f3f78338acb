import { formatDuration, oneLine, type Problem } from '../kernel/index.ts'
import type { Heard, Import } from './sandboxProtocol.ts'

/** Reads a file of the repository; undefined when it has none of that name. */
type Read = (path: string) => Promise<string | undefined>

/** Pushed code wrote this text: one line, no control characters, not endless. */
const tame = (text: string): string => oneLine(text).trim().slice(0, 300)

/** Line on which a file names what it imports. */
function lineOfImport(source: string, specifier: string): number {
  const line = source
    .split('\n')
    .findIndex((text) => text.includes(`'${specifier}'`) || text.includes(`"${specifier}"`))
  return line < 0 ? 1 : line + 1
}

/** An import without its ending, the usual slip of those who come from bundlers. */
async function suggestEnding({ specifier, from }: Import, read: Read): Promise<string | undefined> {
  for (const ending of ['.ts', '.js', '.json', '/index.ts']) {
    const path = new URL(specifier + ending, `file:///${from}`).pathname.slice(1)
    if ((await read(decodeURIComponent(path))) !== undefined) return specifier + ending
  }
  return undefined
}

/** Says which import was not granted, where it is written and why. */
export async function explainRefusal(refused: Import, read: Read): Promise<Problem> {
  const { specifier, from } = refused
  const relative = /^\.{1,2}\//.test(specifier)
  const didYouMean = relative ? await suggestEnding(refused, read) : undefined
  const reason = relative
    ? 'which is no file of this repository'
    : 'expected plimsoll or a file of this repository'
  return {
    at: tame(specifier),
    place: `${tame(from)}:${lineOfImport((await read(from)) ?? '', specifier)}`,
    text: `the configuration imports '${tame(specifier)}', ${reason}`,
    ...(didYouMean === undefined ? {} : { didYouMean }),
  }
}

const address = 'file:\\/\\/\\/repository\\/([^\\s:)]+):(\\d+)'

/** Where it failed: from the stack; a file that cannot be read as a program shows only in Node's own report. */
function findPlace(stack: string, report: string): string | undefined {
  const inReport = [...report.matchAll(new RegExp(`^${address}$`, 'gm'))].at(-1)
  const found = new RegExp(address).exec(stack) ?? inReport
  return found ? `${tame(found[1] ?? '')}:${found[2]}` : undefined
}

type Limits = { readonly file: string; readonly timeoutMs: number; readonly memoryMb: number }

function describeEnd(heard: Heard, { timeoutMs, memoryMb }: Limits): string {
  if (heard.result?.is === 'failed') return describeThrown(heard.result)
  if (heard.tooMuch) return 'the configuration is larger than 2 MB'
  if (heard.errors.includes('heap out of memory')) return `it used more than ${memoryMb} MB of memory`
  if (heard.signal === 'SIGKILL') return `it had not ended after ${formatDuration(timeoutMs)}`
  return `it ended before it exported anything (exit status ${heard.exit ?? heard.signal})`
}

function describeThrown({ name, message }: { name: string; message: string }): string {
  const text = tame(message)
  return name === '' ? `it threw '${text}'` : `${tame(name)}: ${text}`
}

/** Says how the evaluation failed, and at which line. */
export function explainFailure(heard: Heard, limits: Limits): Problem {
  const stack = heard.result?.is === 'failed' ? heard.result.stack : ''
  const place = findPlace(stack, heard.errors) ?? `${limits.file}:1`
  return { place, text: describeEnd(heard, limits) }
}
