import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSpikes, readVariables, spikeSecretValue } from './spikes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-spikes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('what `up` says for instances', () => {
  it('is lines of NAME=value; what comes after the first = is the value', () => {
    expect(readVariables('A=1\n\n# a word\nURL=http://x?a=b\nEMPTY=\r\n')).toEqual({
      values: { A: '1', URL: 'http://x?a=b', EMPTY: '' },
      wrong: [],
    })
  })

  it('names the lines that are none', () => {
    expect(readVariables('A=1\nno value\n2B=x\n=y').wrong).toEqual([2, 3, 4])
  })
})

describe('the folders of a spike', () => {
  const spikes = () =>
    createSpikes({
      ...{ root: folder, jobs: folder, data: join(folder, 'data') },
      commands: { forget: async () => {} },
    })

  it('keep secrets, which are named, apart from what is shown', async () => {
    const { variables, secrets } = spikes().foldersOf('payments.try-1')
    await mkdir(join(folder, 'payments.try-1'))
    await writeFile(variables, 'DATABASE=db\n')
    await writeFile(secrets, 'PASSWORD=hush\n')
    expect(await spikes().variables('payments.try-1')).toEqual({
      variables: { DATABASE: 'db', PASSWORD: { secret: 'spike/payments.try-1/PASSWORD' } },
    })
    expect(await spikeSecretValue(folder, 'payments.try-1', 'PASSWORD')).toBe('hush')
    await writeFile(secrets, 'hush\n')
    expect(await spikes().variables('payments.try-1')).toEqual({
      problem: 'line 1 of what it wrote to $SECRETS is not NAME=value',
    })
  })

  it('are gone when they are removed, again and again', async () => {
    await mkdir(join(folder, 'payments.try-1'))
    expect(await spikes().exists('payments.try-1')).toBe(true)
    await spikes().remove('payments.try-1', [])
    await spikes().remove('payments.try-1', [])
    expect(await readdir(folder)).toEqual([])
  })

  it('are not removed while a job is at work in them', async () => {
    await mkdir(join(folder, encodeURIComponent('fleet/payments.try-1.1/0/1').replaceAll('.', '%2E')))
    await expect(spikes().remove('payments.try-1', [])).rejects.toThrow(/still at work/)
  })
})
