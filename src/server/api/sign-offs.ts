import { doneAnswer, signOffRequest } from '../../contract/index.ts'
import { isAuthor, maySign, type SignOffSettings } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { deploymentRef, laneRef, readLane, readService } from '../../flow/records.ts'
import { keepSignOff } from '../../flow/sign-offs.ts'
import { type Digest, type Evidence, PlimsollError } from '../../kernel/index.ts'
import type { App } from './app.ts'
import { findRelease, type Place, place } from './find.ts'

/** The gates of an environment that want sign-offs. */
async function signOffGates(
  { world }: Plimsoll,
  { service, environment }: Place,
): Promise<SignOffSettings[]> {
  const config = (await readService(world.journal, service))?.guard?.config
  const here = config?.environments[environment]
  if (!here) throw new PlimsollError('PLM_NOT_FOUND', `${service} has no environment ${environment}`)
  const gates = here.gates.flatMap((gate) =>
    typeof gate !== 'string' && gate.kind === 'signOff' ? [gate] : [],
  )
  if (gates.length > 0) return gates
  throw new PlimsollError('PLM_NOT_FOUND', `${environment} of ${service} has no gate that wants a sign-off`)
}

/** Why a person's word would count for nothing; undefined when it counts. */
function refusal(
  gates: readonly SignOffSettings[],
  person: string,
  word: 'given' | 'rejected',
  provenance: readonly Evidence[],
): string | undefined {
  const mine = gates.filter((gate) => maySign(gate, person))
  if (mine.length === 0)
    return `${person} is none of ${[...new Set(gates.flatMap(({ by = [] }) => by))].join(', ')}`
  if (word === 'rejected' || !isAuthor(person, provenance) || mine.some(({ notAuthor }) => !notAuthor))
    return undefined
  return `${person} made the change: somebody else has to sign it off`
}

/** Whoever waits for this word is looked at again at once. */
async function wakeWaiting({ world, runner }: Plimsoll, { service, environment }: Place): Promise<void> {
  const lane = await readLane(world.journal, laneRef(service, environment).id)
  for (const { deployment } of lane?.aside ?? []) if (deployment) runner.wake(deploymentRef(deployment))
}

/** A person's word about a release, for an environment: evidence from the moment that it is answered. */
export function signOffRoutes(app: App, plimsoll: Plimsoll): void {
  app.post(
    '/api/services/:service/environments/:environment/sign-offs',
    { schema: { params: place, body: signOffRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { release: name, word, reason }, actor }) => {
      const { world } = plimsoll
      const gates = await signOffGates(plimsoll, params)
      const release: Digest = await findRelease(plimsoll, params.service, name)
      const because = refusal(gates, actor, word, await world.evidence.about(release, ['provenance']))
      if (because) throw new PlimsollError('PLM_SIGN_OFF_REFUSED', because)
      await keepSignOff(world, { release, environment: params.environment }, { by: actor, word, reason })
      await wakeWaiting(plimsoll, params)
      return { schemaVersion: 1 as const, done: true }
    },
  )
}
