import { scenario } from 'plimsoll/load'

/** Two requests and a check of each. */
export default scenario('two requests', async (user) => {
  const first = await user.get('/')
  user.check('first', first.status === 200)
  const second = await user.get('/')
  user.check('second', second.status === 200)
})
