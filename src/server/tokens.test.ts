import { expect, it } from 'vitest'
import { realClock } from '../host/clock.ts'
import { memoryStore } from '../store/index.ts'
import { createTokens } from './tokens.ts'

const tokens = async () => {
  const all = createTokens(memoryStore().journal, realClock)
  await all.add('first')
  return all
}

it('a name has one token: a second would shut out whoever has the first', async () => {
  const all = await tokens()
  const ada = await all.add('ada')
  await expect(all.add('ada')).rejects.toThrow('there is a token ada already')
  expect(await all.find(ada)).toMatchObject({ name: 'ada', role: 'everything' })
})

it('says so when the token to be removed is none', async () => {
  await expect((await tokens()).remove('frist')).rejects.toMatchObject({
    code: 'PLM_NOT_FOUND',
    problems: [{ text: 'there is no token frist; there is first', didYouMean: 'first' }],
  })
})

it('keeps the last one that may do everything', async () => {
  const all = await tokens()
  await all.add('nightly', 'heartbeats')
  await expect(all.remove('first')).rejects.toThrow('the last token that may do everything')
  await all.add('ada')
  await all.remove('first')
  expect((await all.list()).map(({ name }) => name)).toEqual(['ada', 'nightly'])
})
