import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, deploymentUnderWay, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/worker', import.meta.url))

let stage: Stage
let first: string
let second: string

const folder = (name: string) => join(stage.home, 'data', 'worker.production', name)
const production = async () =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

/** Puts an item into the queue now and then, until it is told to stop; gives the number of them. */
function feed(name: string): () => number {
  mkdirSync(folder('queue'), { recursive: true })
  let count = 0
  const timer = setInterval(() => writeFileSync(join(folder('queue'), `${name}-${++count}`), ''), 60)
  return () => {
    clearInterval(timer)
    return count
  }
}

/** Every item was done, by one worker, once; none is left half done. */
async function allDone(name: string, count: number): Promise<readonly string[]> {
  const items = () => readdirSync(folder('done')).filter((item) => item.startsWith(`${name}-`))
  await until(`${count} items`, async () => (items().length === count ? true : undefined), 30_000)
  await until('the last to be put away', async () =>
    readdirSync(folder('taken')).length === 0 ? true : undefined,
  )
  const lines = items().map((item) =>
    readFileSync(join(folder('done'), item), 'utf8')
      .trim()
      .split('\n'),
  )
  expect(lines.filter((by) => by.length !== 1)).toEqual([])
  return lines.flat()
}

beforeAll(async () => {
  stage = await setStage(source, 'worker')
}, 60_000)

afterAll(() => stage?.close())

describe('a worker, which takes no requests', { timeout: 120_000 }, () => {
  it('is deployed without a gateway, and does what is in its queue', async () => {
    first = await stage.push('Work')
    const view = await deploymentEnds(stage, first, 'production')
    expect(view.standing, view.text).toBe('passed')
    expect(view.text).toMatch(/runs in production in .*; it takes no requests$/)
    expect(view.rail.map(({ title }) => title)).toEqual([
      'start 3 new instances',
      'watch the new instances alone',
    ])
    expect(view.verified).toMatchObject({ same: true })
    expect(existsSync(join(stage.home, 'gateways', 'worker.production'))).toBe(false)
    expect((await production())?.address).toBeUndefined()
    const stop = feed('a')
    await until('some work', async () => (readdirSync(folder('done')).length > 10 ? true : undefined))
    await allDone('a', stop())
  })

  it('loses no item and does none twice through a deployment, though the server is killed', async () => {
    const stop = feed('b')
    await stage.write('README.md', 'Works.\n')
    second = await stage.push('Say what it is')
    await deploymentUnderWay(stage, 'both versions', ({ fleets }) =>
      fleets.some(({ role }) => role === 'new'),
    )
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view = await deploymentEnds(stage, second, 'production')
    expect(view.standing, view.text).toBe('passed')
    await until('work of the new version', async () => {
      const by = readdirSync(folder('done')).map((item) =>
        readFileSync(join(folder('done'), item), 'utf8').trim(),
      )
      return by.includes(view.to.digest) ? true : undefined
    })
    const by = await allDone('b', stop())
    console.log(`${by.length} items: ${by.filter((one) => one === view.to.digest).length} by the new version`)
    expect(new Set(by).size).toBe(2)
  })

  it('goes back by one command, and loses none then, either', async () => {
    const stop = feed('c')
    const said = await stage.plimsoll('rollback', 'production', '--dry-run')
    expect(said).toMatch(/would run in production of worker, by blue-green/)
    await stage.plimsoll('rollback', 'production', '--yes')
    expect(await production()).toMatchObject({ release: { commit: first } })
    const by = await allDone('c', stop())
    expect(by.length).toBeGreaterThan(5)
  })
})
