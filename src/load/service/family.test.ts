import { describe, expect, it } from 'vitest'
import type { Stat } from '../../host/process-stats.ts'
import { familyOf } from './family.ts'

const stat = (pid: number, parent: number, group: number): Stat => ({
  pid,
  parent,
  group,
  ownCpuMs: 0,
  cpuMs: 0,
  residentPages: 0,
})

const self = process.pid
const [shell, service, worker, helper, orphan] = [self + 1, self + 2, self + 3, self + 4, self + 5]

describe('the processes of a service', () => {
  it('are those that it started, and theirs', () => {
    const stats = [stat(helper, worker, shell), stat(worker, service, shell), stat(service, shell, shell)]
    expect(familyOf([service], stats)).toEqual([service, worker, helper])
  })

  it('are those of the group that it leads, wherever they are', () => {
    const stats = [stat(service, 1, service), stat(orphan, 1, service), stat(helper, 1, helper)]
    expect(familyOf([service], stats)).toEqual([service, orphan])
  })

  it('are not this one, nor what started it, though the service did', () => {
    const stats = [stat(service, 1, service), stat(shell, service, service), stat(self, shell, service)]
    expect(familyOf([service], stats)).toEqual([service])
    expect(familyOf([self], stats)).toEqual([])
  })
})
