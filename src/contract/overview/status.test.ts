import { describe, expect, it } from 'vitest'
import type { ServicesView } from '../index.ts'
import { alert, future, health, now, service, services, sights } from './overview.fixture.ts'
import { runOfInterest, statusOf } from './status.ts'

const wrong = (text: string, of = 'payments'): ServicesView['wrong'][number] => ({
  ...{ service: of, text, link: '/' },
})

describe('the status', () => {
  it('is well only when something is there and nothing is wrong or untold', () => {
    expect(statusOf(services(), sights({})).is).toBe('well')
    expect(statusOf(services({ services: [] }), sights({})).is).toBe('untold')
    expect(statusOf(services(), sights({ alerts: [alert()] })).is).toBe('wrong')
    expect(statusOf(services(), sights({ alerts: [alert({ severity: 'ticket' })] })).is).toBe('well')
  })

  it('never takes for well what nobody can tell, and says which, and why', () => {
    const dark = health({ is: 'unknown', reasons: ['nothing has been collected of it lately'] })
    const seen = statusOf(services(), sights({ health: [dark] }))
    expect([seen.is, seen.untold.map(({ text }) => text)]).toEqual([
      'untold',
      ['payments production: nothing has been collected of it lately'],
    ])
    const faulty = sights({})
    const { untold } = statusOf(services(), {
      ...faulty,
      health: faulty.health && { ...faulty.health, faults: ['the disk is full'] },
    })
    expect(untold.map(({ text }) => text)).toEqual(['Plimsoll: the disk is full'])
  })

  it('says once what health and the list of services both say', () => {
    const ill = health({ is: 'ill', reasons: ['1 of 3 instances are ready'] })
    const view = services({ wrong: [wrong('payments production: 1 of 3 instances are ready')] })
    expect(statusOf(view, sights({ health: [ill] })).wrong).toHaveLength(1)
  })

  it('of one service leaves out what is of another, and keeps what is of Plimsoll itself', () => {
    const view = services({
      wrong: [wrong('refunds: notifier ops is not reached', 'refunds'), { text: 'of nobody', link: '/' }],
      services: [service('payments'), service('refunds')],
    })
    const seen = statusOf(view, sights({ futures: [future({ ticketSince: now })] }), 'refunds')
    expect(seen.wrong.map(({ text }) => text)).toEqual(['refunds: notifier ops is not reached', 'of nobody'])
    expect([seen.coming, seen.services.map(({ name }) => name)]).toEqual([[], ['refunds']])
  })

  it('knows of a run that goes on, or that did not pass', () => {
    const run = { standing: 'failed' } as NonNullable<ServicesView['services'][number]['lastRun']>
    expect(runOfInterest({ lastRun: run })).toBe(run)
    expect(runOfInterest({ lastRun: { ...run, standing: 'passed' } })).toBeUndefined()
  })
})
