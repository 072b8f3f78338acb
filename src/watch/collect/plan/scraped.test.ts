import { describe, expect, it } from 'vitest'
import { staleMarker } from '../../../series/index.ts'
import { endings, toldIn } from './ending.ts'
import { type Answer, scrapedReadings } from './scraped.ts'

const target = {
  service_name: 'pay',
  deployment_environment_name: 'production',
  instance: 'pay.production.1/0',
}
const now = 1_700_000_000_000
const said = (lines: readonly string[], format: 'prometheus' | 'openmetrics' = 'prometheus'): Answer => ({
  text: `${lines.join('\n')}\n`,
  format,
  tookMs: 12,
})
const scraped = (
  answer: Answer,
  most = 100,
  types?: Parameters<typeof scrapedReadings>[4],
  before?: number,
) => scrapedReadings(answer, target, most, now, types, before)
const short = ({ readings }: ReturnType<typeof scraped>) =>
  readings.map(({ name, at, value }) => [name, at - now, value])

describe('a scrape', () => {
  it('gives each series the labels of its target; its own of the same name keep their value', () => {
    const { readings, about, problems } = scraped(said(['paid_total{instance="x",kind="card",empty=""} 4']))
    expect(readings).toEqual([
      { name: 'paid_total', labels: { ...target, exported_instance: 'x', kind: 'card' }, at: now, value: 4 },
    ])
    expect(about.map(({ name, value }) => [name, value])).toEqual([
      ['up', 1],
      ['scrape_duration_seconds', 0.012],
      ['scrape_samples_scraped', 1],
    ])
    expect(problems).toEqual([])
  })

  it('names each line that is wrong, and takes the others', () => {
    const { readings, problems } = scraped(said(['paid_total 4', 'declined_total four', 'heat 3', 'heat 4']))
    expect(readings.map(({ name }) => name)).toEqual(['paid_total', 'heat'])
    expect(problems).toEqual([
      { kind: 'malformed', text: 'line 2 (declined_total four) expected a number at column 16' },
      { kind: 'malformed', text: 'line 4 (heat 4) says the same series again' },
    ])
  })

  it('that is no exposition at all is down', () => {
    const { readings, about, problems } = scraped(said(['<!doctype html>', '<p>Not found</p>']))
    expect(readings).toEqual([])
    expect(about[0]?.value).toBe(0)
    expect(problems).toEqual([
      { kind: 'malformed', text: 'line 1 (<!doctype html>) expected the name of a metric at column 1' },
    ])
  })

  it('of more series than may be is refused as a whole', () => {
    const lines = Array.from({ length: 101 }, (_, i) => `seen_total{client="${i}"} 1`)
    const { readings, about, problems } = scraped(said(lines))
    expect(readings).toEqual([])
    expect(about.map(({ value }) => value)).toEqual([0, 0.012, 101])
    expect(problems).toEqual([
      { kind: 'limit', text: 'told more than 100 series, which are all that it may' },
    ])
  })

  it('of more wrong lines than can be metrics is refused as a whole', () => {
    const { readings, about, problems } = scraped(
      said(['heat 3', ...Array.from({ length: 200_000 }, () => '!')]),
    )
    expect(readings).toEqual([])
    expect(about[0]?.value).toBe(0)
    expect(problems).toEqual([
      {
        kind: 'malformed',
        text: 'more than 1000 lines are wrong: line 2 (!) expected the name of a metric at column 1',
      },
    ])
  })

  it('that is not answered says why', () => {
    const { about, problems } = scraped({ because: 'did not answer within 10000 ms', tookMs: 10_000 })
    expect(about[0]?.value).toBe(0)
    expect(problems).toEqual([{ kind: 'unreachable', text: 'did not answer within 10000 ms' }])
  })

  it('tells when a metric is of another type than before', () => {
    const { readings, problems } = scraped(
      said(['# TYPE heat gauge', 'heat 3']),
      100,
      new Map([['heat', 'counter']]),
    )
    expect(readings).toHaveLength(1)
    expect(problems).toEqual([{ kind: 'type', text: 'heat is a gauge and was a counter before' }])
  })

  it('takes the times that a target says when its clock is near, and leaves out the others', () => {
    const at = (ms: number) => String(now + ms)
    const { readings, problems } = scraped(
      said([`a 1 ${at(-60_000)}`, `b 2 ${at(5_000)}`, `c 3 ${at(-7_200_000)}`, `d 4 ${at(60_000)}`]),
    )
    expect(readings.map((one) => [one.name, one.at - now])).toEqual([
      ['a', -60_000],
      ['b', 5_000],
    ])
    expect(problems.map(({ text }) => text)).toEqual([
      "c is 7200 s behind this machine's clock",
      "d is 60 s ahead of this machine's clock",
    ])
  })

  it('begins at zero what began to count since the last one', () => {
    const created = (ms: number) => ((now + ms) / 1_000).toFixed(3)
    const answer = said(
      [
        '# TYPE paid counter',
        'paid_total{kind="card"} 4',
        `paid_created{kind="card"} ${created(-5_000)}`,
        'paid_total{kind="link"} 9',
        `paid_created{kind="link"} ${created(-50_000)}`,
        '# TYPE took histogram',
        'took_bucket{le="1"} 2',
        'took_bucket{le="+Inf"} 3',
        'took_count 3',
        'took_sum 5',
        `took_created ${created(-5_000)}`,
        '# EOF',
      ],
      'openmetrics',
    )
    expect(short(scraped(answer, 100, undefined, now - 15_000))).toEqual([
      ...[
        ['paid_total', -5_000, 0],
        ['paid_total', 0, 4],
        ['paid_total', 0, 9],
      ],
      ...[
        ['took_bucket', -5_000, 0],
        ['took_bucket', 0, 2],
        ['took_bucket', -5_000, 0],
        ['took_bucket', 0, 3],
      ],
      ...[
        ['took_count', -5_000, 0],
        ['took_count', 0, 3],
        ['took_sum', -5_000, 0],
        ['took_sum', 0, 5],
      ],
    ])
    expect(short(scraped(answer))).toHaveLength(6)
  })
})

describe('the end of series', () => {
  const one = { name: 'a', labels: { x: '1', y: '2' }, at: 5, value: 1 }
  const same = { name: 'a', labels: { y: '2', x: '1' }, at: 6, value: 2 }
  const other = { name: 'b', labels: {}, at: 5, value: 1 }

  it('is marked once for each that is not told any more', () => {
    const before = toldIn([one, other], 5)
    expect(endings(before, toldIn([same], 6), 6)).toEqual([
      { name: 'b', labels: {}, at: 6, value: staleMarker },
    ])
    expect(endings(before, new Map(), 6)).toHaveLength(2)
    expect(endings(toldIn([same], 6), toldIn([{ ...one, at: 7 }], 7), 7)).toEqual([])
  })

  it('does not come to those that name their own time', () => {
    expect(toldIn([{ ...one, at: 4 }], 5).size).toBe(0)
  })
})
