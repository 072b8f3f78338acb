import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import {
  durationOf,
  type EnginePlan,
  encodeHdr,
  type LoadResult,
  renderHtml,
  renderMarkdown,
  renderText,
  runLoadTest,
} from '../../load/index.ts'
import { type Command, type Input, type Io, jsonOption } from '../command.ts'
import { createLoadScreen } from '../load-screen.ts'
import { loadOptions, profileOptions, readLoadTest } from './load-options.ts'

export const verdictExit: Readonly<Record<LoadResult['verdict'], ExitCode>> = {
  pass: exit.yes,
  fail: exit.no,
  inconclusive: exit.unknown,
}

/** Three digits from a microsecond to an hour: what is kept, is kept as it is. */
const hdrRange = { lowestMicros: 1, highestMicros: 3_600_000_000, significantDigits: 3 }

const writers: Readonly<Record<string, (result: LoadResult) => string>> = {
  '.html': renderHtml,
  '.md': renderMarkdown,
  '.json': (result) => `${JSON.stringify(result, null, 2)}\n`,
  '.hdr': ({ response }) => `${encodeHdr(response.histogram, hdrRange)}\n`,
}

type Report = { readonly file: string; readonly write: (result: LoadResult) => string }

/** @throws PLM_USAGE for a file of another kind, before any load is made */
function reportsOf({ values }: Input, io: Io): Report[] {
  const named = Array.isArray(values.report) ? values.report.map(String) : []
  return named.map((file) => {
    const write = writers[extname(file)]
    if (write) return { file: resolve(io.cwd, file), write }
    const kinds = Object.keys(writers).join(', ')
    throw new PlimsollError('PLM_USAGE', [
      { at: '--report', text: `${file} must end in one of ${kinds}, which says what is written` },
    ])
  })
}

const lengthOf = ({ load }: EnginePlan): number =>
  load.model === 'open' ? durationOf(load.stages) : load.durationMs

export const load: Command = {
  name: 'load',
  summary: 'makes load on an address or by a scenario, and judges how it was answered',
  examples: [
    "plimsoll load http://127.0.0.1:8080/ --rate 200 --threshold 'p99<250ms'",
    'plimsoll load checkout.load.ts --users 50 --duration 2m --report load.html',
  ],
  positionals: 'URL|FILE',
  options: {
    ...profileOptions,
    ...loadOptions,
    threshold: {
      type: 'string',
      multiple: true,
      value: "'p99<250ms'",
      description: "must be met (default 'errors<1%'); may be given again",
    },
    report: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: 'of kind .html, .md, .json or .hdr (HdrHistogram V2); may be given again',
    },
    json: jsonOption,
  },
  async run(input, io) {
    const reports = reportsOf(input, io)
    const test = await readLoadTest(input, io)
    const screen = createLoadScreen(test.target, lengthOf(test.plan), io)
    const result = await runLoadTest(test, {
      onProgress: screen.show,
      ...(io.signal ? { signal: io.signal } : {}),
    }).finally(screen.end)
    for (const { file, write } of reports) await writeFile(file, write(result))
    const { colour, ascii, columns } = io.stdout
    io.stdout.write(
      input.values.json === true
        ? `${JSON.stringify(result)}\n`
        : renderText(result, { colour, ascii, width: columns }),
    )
    return io.signal?.aborted ? exit.interrupted : verdictExit[result.verdict]
  },
}
