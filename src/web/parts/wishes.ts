import { paths, send } from '../api.ts'

/**
 * A deployment is ordered; or one that is held is let go on, a release signed off, or a gate waived: those with a reason.
 * A gate holds again. A spike is prolonged, or closed with its answer. A silence is ended. A squeeze is stopped.
 */
type Wish =
  | { readonly kind: 'deploy' | 'promote' | 'rollback'; readonly release?: string }
  | { readonly kind: 'continue'; readonly deployment: string }
  | { readonly kind: 'signOff'; readonly release: string }
  | { readonly kind: 'waive' | 'unwaive'; readonly gate: string }
  | { readonly kind: 'extend'; readonly spike: string; readonly lifeMs: number }
  | { readonly kind: 'close'; readonly spike: string }
  | { readonly kind: 'answer'; readonly spike: string }
  | { readonly kind: 'unsilence'; readonly silence: string }
  | { readonly kind: 'stopSqueeze'; readonly squeeze: string }

type Deploys = Extract<Wish, { kind: 'deploy' | 'promote' | 'rollback' }>

export const isDeployment = (wish: Wish): wish is Deploys =>
  wish.kind === 'deploy' || wish.kind === 'promote' || wish.kind === 'rollback'

/** Something that changes an environment, as it was when somebody asked for it. */
export type Order = {
  readonly service: string
  readonly environment: string
  readonly action: {
    readonly label: string
    readonly effect: string
    readonly command: string
    readonly refused?: string | undefined
  }
  readonly wish: Wish
}

/** What somebody is to say with a wish; so long it may be, as the server has it. */
export type Words = {
  readonly label: string
  readonly hint: string
  readonly required: boolean
  readonly longest: number
}

const aReason: Words = {
  label: 'Reason',
  hint: 'It is kept with the deployment, beside your name.',
  required: true,
  longest: 500,
}

const anAnswer: Words = {
  label: 'Answer',
  hint: 'It is kept with the question and the figures, beside your name.',
  required: true,
  longest: 5_000,
}

export const wordsFor: Readonly<Partial<Record<Wish['kind'], Words>>> = {
  continue: aReason,
  signOff: aReason,
  waive: { ...aReason, hint: 'Everybody reads it until the waiver ends, beside your name.' },
  answer: anAnswer,
  stopSqueeze: { ...aReason, required: false, hint: 'It is kept with the squeeze, beside your name.' },
  close: { ...anAnswer, required: false, hint: `${anAnswer.hint} It may also be given later.` },
}

/** It ends by itself: whoever wishes it says when. */
export const hasEnd = ({ kind }: Wish): boolean => kind === 'waive'

/** What somebody said with a wish. */
export type Said = { readonly reason: string; readonly forMs: number }

async function letGoOn(deployment: string, reason: string): Promise<void> {
  const { done } = await send<{ done: boolean }>('POST', paths.goOn(deployment), { reason })
  if (!done) throw new Error('It is not held any more: somebody else has decided.')
}

async function deploy({ service, environment }: Order, wish: Deploys): Promise<string> {
  const path = paths.deployments(service, environment)
  const { deployment } = await send<{ deployment: string }>('POST', path, wish)
  return `/deployments/${encodeURIComponent(deployment)}`
}

/** All but deployments: what comes of them is on the page at hand. */
function carryOutHere(order: Order, wish: Exclude<Wish, Deploys>, { reason, forMs }: Said): Promise<unknown> {
  const { service, environment } = order
  switch (wish.kind) {
    case 'continue':
      return letGoOn(wish.deployment, reason)
    case 'signOff':
      return send('POST', paths.signOffs(service, environment), { release: wish.release, reason })
    case 'waive':
      return send('PUT', paths.waiver(service, environment, wish.gate), { reason, forMs })
    case 'unwaive':
      return send('DELETE', paths.waiver(service, environment, wish.gate), {})
    case 'extend':
      return send('POST', paths.spikeAction(wish.spike, 'extend'), { lifeMs: wish.lifeMs })
    case 'close':
    case 'answer':
      return send('POST', paths.spikeAction(wish.spike, 'close'), reason ? { answer: reason } : {})
    case 'unsilence':
      return send('DELETE', paths.silence(wish.silence), {})
    case 'stopSqueeze':
      return send('POST', paths.stopSqueeze(wish.squeeze), { reason: reason || 'no reason given' })
  }
}

/**
 * Sends a wish to the server.
 * @returns the page that shows what came of it; none when that is the one at hand
 * @throws ApiError when the server refuses it
 */
export async function carryOut(order: Order, said: Said): Promise<string | undefined> {
  const { wish } = order
  if (isDeployment(wish)) return deploy(order, wish)
  await carryOutHere(order, wish, said)
  return undefined
}
