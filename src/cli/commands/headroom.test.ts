import { expect, it } from 'vitest'
import type { EnvironmentHeadroom, HeadroomAhead, HeadroomView } from '../../contract/index.ts'
import { exitOf, renderHeadroom } from './headroom.ts'
import { memoryScreen } from './screen.fixture.ts'

const place = (more: Partial<EnvironmentHeadroom>): EnvironmentHeadroom => ({
  service: 'payments',
  environment: 'production',
  is: 'enough',
  text: 'peaked at 61 % (58.7 – 63.5 %) of its load line on Friday 27 November 12:00 (UTC): 251/s of 411/s',
  found: ['that hour is the busiest of 26 d 3 h of the last 28 days'],
  reasons: [],
  below: 0.2,
  instances: 6,
  knownHours: 627,
  soughtHours: 672,
  ...more,
})
const view = (...environments: readonly Partial<EnvironmentHeadroom>[]): HeadroomView => ({
  schemaVersion: 1,
  at: 0,
  environments: environments.map(place),
})
const unknown: Partial<EnvironmentHeadroom> = {
  is: 'unknown',
  text: 'peaked at 61/s on Friday 27 November 12:00 (UTC)',
  reasons: [{ text: 'no load line of x was measured in step with staging', next: 'plimsoll load test perf' }],
}

it('says one sentence for each environment, why it can say no more, and what to do', () => {
  expect(renderHeadroom(view({}, { environment: 'staging', ...unknown }), memoryScreen())).toBe(
    [
      '✓ payments production peaked at 61 % (58.7 – 63.5 %) of its load line on Friday 27 November 12:00 (UTC): 251/s of 411/s',
      '  that hour is the busiest of 26 d 3 h of the last 28 days',
      '? payments staging peaked at 61/s on Friday 27 November 12:00 (UTC)',
      '  no load line of x was measured in step with staging',
      '    next: plimsoll load test perf',
      '  that hour is the busiest of 26 d 3 h of the last 28 days',
      '',
    ].join('\n'),
  )
})

const ahead = (more: Partial<HeadroomAhead> = {}): HeadroomAhead => ({
  is: 'crosses',
  text: 'crosses its load line about 12 March (80 %: 3 – 28 March); keeps 20 % of it until about 1 February',
  chances: 'probability of crossing it: under 1 % within 7 days, 2 % within 30 days, 61 % within 90 days',
  found: ['daily peaks of 120 days grow by 2.1 % a week'],
  isSoon: false,
  leadDays: 30,
  timeZone: 'Etc/UTC',
  restores: [
    {
      is: 'instances',
      text: 'one more instance (7 in all, 34.50 GBP a month) keeps 20 % of the load line until about 2 July',
      next: 'environments.production.instances: 7',
    },
  ],
  ...more,
})

it('says what is to come, what restores it, and how it would be under what is assumed', () => {
  const then = ahead({ text: 'is over its load line already', is: 'over', found: [] })
  const { chances: _, restores: __, ...bare } = then
  const whatIf = {
    assumed: ['there is one instance less', 'it grows by 5 % a week'],
    text: 'peaked at 73 %',
    ahead: bare,
  }
  expect(
    renderHeadroom(view({ ahead: ahead(), whatIf }), memoryScreen())
      .split('\n')
      .slice(1),
  ).toEqual([
    '  crosses its load line about 12 March (80 %: 3 – 28 March); keeps 20 % of it until about 1 February',
    '  probability of crossing it: under 1 % within 7 days, 2 % within 30 days, 61 % within 90 days',
    '  one more instance (7 in all, 34.50 GBP a month) keeps 20 % of the load line until about 2 July',
    '    next: environments.production.instances: 7',
    '  if there is one instance less, and it grows by 5 % a week:',
    '    peaked at 73 %',
    '    is over its load line already',
    '  that hour is the busiest of 26 d 3 h of the last 28 days',
    '  daily peaks of 120 days grow by 2.1 % a week',
    '',
  ])
  expect(renderHeadroom(view({ ahead: ahead({ isSoon: true }) }), memoryScreen({ ascii: true }))).toMatch(
    /^x payments .*\n {2}crosses its load line about 12 March \(80 %: 3 - 28 March\)/,
  )
})

it('does not say twice what was peaked at', () => {
  const { text } = place({})
  const short: Partial<EnvironmentHeadroom> = {
    is: 'short',
    reasons: [{ text: `it ${text}; 20 % are to be left`, next: 'more' }],
  }
  expect(
    renderHeadroom(view(short), memoryScreen({ ascii: true }))
      .split('\n')
      .slice(0, 2),
  ).toEqual([`x payments production ${text.replace('–', '-')}`, '    next: more'])
  expect(renderHeadroom(view(), memoryScreen())).toBe('There is no environment to look at yet.\n')
})

it('ends with whether enough is left everywhere', () => {
  expect(exitOf(view({}))).toBe(0)
  expect(exitOf(view({}, { is: 'short' }, unknown))).toBe(1)
  expect(exitOf(view({}, unknown))).toBe(3)
  expect(exitOf(view())).toBe(3)
  expect(exitOf(view({ ahead: ahead({ isSoon: true }) }))).toBe(1)
  expect(exitOf(view({ ahead: ahead({ is: 'unknown' }) }))).toBe(0)
})
