import { describe, expect, it } from 'vitest'
import { findCarriers, isAlive, parseIdentity, signalTo, startTimeOf } from './identity.ts'

const here = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' }

describe('identity', () => {
  it('knows a process by pid and start time', () => {
    expect(isAlive(here)).toBe(true)
    expect(isAlive({ ...here, startTime: '1' })).toBe(false)
  })

  it('never signals a process that only has the same pid', () => {
    expect(signalTo({ ...here, startTime: '1' }, 'SIGKILL', false)).toBe(false)
  })

  it('reads what a launcher wrote, whatever the program is called', () => {
    const stat = `42 (a) b (c) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0`
    expect(parseIdentity(`boot-1 ${stat}\n`)).toEqual({ boot: 'boot-1', pid: 42, startTime: '777' })
    expect(parseIdentity('')).toBeUndefined()
  })

  it('finds nobody by a cookie that nobody carries', () => {
    expect(findCarriers('nobody-has-this-cookie')).toEqual([])
  })
})
