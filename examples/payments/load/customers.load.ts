import { generated, scenario } from 'plimsoll/load'

/** References that the seed knows, in an order that no cache can follow. */
const references = generated((n) => `order-${(n * 2_677) % 5_000}`)

type Page = { readonly payments: readonly unknown[] }

/** A shop looks whether an order has been paid, and shows the newest payments. */
const look = scenario(
  'look an order up',
  async (user) => {
    const path = `/payments?reference=${user.take(references)}`
    const found = await user.get(path, { name: 'GET /payments?reference' })
    user.check('the order has payments', found.json<Page>().payments.length > 0)
    await user.get('/payments?limit=10', { name: 'GET /payments' })
  },
  { weight: 4 },
)

/** A customer pays, and the shop takes the money. */
const pay = scenario('pay by card', async (user) => {
  const created = await user.post('/payments', {
    amount: 100 + Math.floor(user.random() * 10_000),
    currency: 'GBP',
    card: { number: '4242 4242 4242 4242', expiry: '12/40', cvc: '123' },
    reference: `load-${user.number}-${user.iteration}`,
    description: 'a payment under load',
  })
  user.check('created', created.status === 201)
  const { id } = created.json<{ id: string }>()
  const captured = await user.post(`/payments/${id}/capture`, {}, { name: 'POST /payments/ID/capture' })
  user.check('captured', captured.status === 200)
})

export default [look, pay]
