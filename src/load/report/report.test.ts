import { describe, expect, it } from 'vitest'
import { renderMarkdown, renderText } from './index.ts'
import { longRun, shortRun, stalledRun, unansweredRun } from './testdata/runs.ts'

const golden = (name: string): string => `../../../test/golden/load/${name}`
const screen = { colour: false, ascii: false, width: 80 }
const runs = { stalled: stalledRun, unanswered: unansweredRun, short: shortRun, long: longRun }

describe('the report of a load test', () => {
  it.each(Object.entries(runs))('reads well in a terminal: %s', async (name, run) => {
    await expect(renderText(run(), screen)).toMatchFileSnapshot(golden(`${name}.txt`))
  })

  it.each(Object.entries(runs))('reads well in a pull request: %s', async (name, run) => {
    await expect(renderMarkdown(run())).toMatchFileSnapshot(golden(`${name}.md`))
  })

  it('keeps to the width, and to ASCII where there is no more', () => {
    const text = renderText(stalledRun(), { colour: false, ascii: true, width: 60 })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
    expect(text).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('lets no text of others steer the terminal, or begin markup', () => {
    const run = { ...unansweredRun(), target: '\u001b[2Jhttp://a/<b>|`c`' }
    expect(renderText(run, screen)).not.toContain('\u001b')
    expect(renderMarkdown(run)).not.toContain('\u001b')
  })
})
