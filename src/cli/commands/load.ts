import { type ExitCode, exit } from '../../kernel/index.ts'
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
import { type Command, jsonOption } from '../command.ts'
import { createLoadScreen } from '../load-screen.ts'
import { loadOptions, readLoadTest } from './load-options.ts'
import { profileOptions } from './load-profile.ts'
import { readReports, reportOption, type Writers } from './load-reports.ts'

export const verdictExit: Readonly<Record<LoadResult['verdict'], ExitCode>> = {
  pass: exit.yes,
  fail: exit.no,
  inconclusive: exit.unknown,
}

/** Three digits from a microsecond to an hour: what is kept, is kept as it is. */
const hdrRange = { lowestMicros: 1, highestMicros: 3_600_000_000, significantDigits: 3 }

const writers: Writers<LoadResult> = {
  '.html': (result) => renderHtml(result),
  '.md': renderMarkdown,
  '.json': (result) => `${JSON.stringify(result, null, 2)}\n`,
  '.hdr': ({ response }) => `${encodeHdr(response.histogram, hdrRange)}\n`,
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
  positionals: 'URL... | FILE',
  options: {
    ...profileOptions,
    ...loadOptions,
    threshold: {
      type: 'string',
      multiple: true,
      value: "'p99<250ms'",
      description: "must be met (default 'errors<1%'); may be given again",
    },
    report: reportOption('.html, .md, .json or .hdr (HdrHistogram V2)'),
    json: jsonOption,
  },
  async run(input, io) {
    const writeReports = readReports(input, io, writers)
    const test = await readLoadTest(input, io)
    const screen = createLoadScreen(test.target, lengthOf(test.plan), io)
    const result = await runLoadTest(test, {
      onProgress: screen.show,
      ...(io.signal ? { signal: io.signal } : {}),
    }).finally(screen.end)
    await writeReports(result)
    const { colour, ascii, columns } = io.stdout
    io.stdout.write(
      input.values.json === true
        ? `${JSON.stringify(result)}\n`
        : renderText(result, { colour, ascii, width: columns }),
    )
    return io.signal?.aborted ? exit.interrupted : verdictExit[result.verdict]
  },
}
