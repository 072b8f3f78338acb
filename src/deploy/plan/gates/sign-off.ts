import { z } from 'zod'
import {
  type Awaiting,
  type Evidence,
  fail,
  formatDuration,
  type Gate,
  type GateQuestion,
  type Instant,
  inconclusive,
  pass,
  type Verdict,
} from '../../../kernel/index.ts'
import type { SignOffSettings } from './settings.ts'

export const signOffKind = 'signOff'

/** Body of evidence of the kind `signOff`: one person's word about a release and an environment. */
const signOffBody = z.object({
  by: z.string(),
  word: z.enum(['given', 'rejected']),
  reason: z.string(),
})

export type SignOffBody = z.output<typeof signOffBody>

/** What it needs of evidence of the kind `provenance`. */
const origin = z.object({ actor: z.string(), author: z.string() })

type Word = SignOffBody & { readonly id: Evidence['id']; readonly at: Instant }

/** The newest word of each person. */
function wordsAbout(environment: string, evidence: readonly Evidence[]): readonly Word[] {
  const words = evidence
    .filter(({ kind, about }) => kind === signOffKind && about.environment === environment)
    .sort((a, b) => a.at - b.at)
    .flatMap(({ id, at, body }) => {
      const read = signOffBody.safeParse(body)
      return read.success ? [{ ...read.data, id, at }] : []
    })
  return [...new Map(words.map((word) => [word.by, word])).values()]
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Whether this person made the change: pushed it, or wrote it under this name. */
export const isAuthor = (person: string, evidence: readonly Evidence[]): boolean =>
  evidence.some(({ kind, body }) => {
    const made = kind === 'provenance' ? origin.safeParse(body) : undefined
    return made?.success === true && (same(made.data.actor, person) || same(made.data.author, person))
  })

export const maySign = ({ by }: SignOffSettings, person: string): boolean =>
  by === undefined || by.includes(person)

const people = ({ by, notAuthor }: SignOffSettings): string =>
  `${by ? by.join(' or ') : 'anybody'}${notAuthor ? ' who did not make the change' : ''}`

/** Why it is rejected; undefined when nobody who may sign says no. */
function rejection(settings: SignOffSettings, words: readonly Word[]): Verdict | undefined {
  const no = words.find(({ by, word }) => word === 'rejected' && maySign(settings, by))
  return no && fail(`rejected by ${no.by}: ${no.reason}`)
}

function judgeSignOff(
  settings: SignOffSettings,
  { environment, askedAt = 0 }: GateQuestion,
  evidence: readonly Evidence[],
  now: Instant,
): Verdict | Awaiting {
  const words = wordsAbout(environment, evidence)
  const rejected = rejection(settings, words)
  if (rejected) return rejected
  const given = words.filter(
    ({ by, word, at }) =>
      word === 'given' &&
      maySign(settings, by) &&
      now - at < settings.expires &&
      !(settings.notAuthor && isAuthor(by, evidence)),
  )
  const [first, ...rest] = given.map(({ id }) => id)
  if (first && given.length >= settings.count) return pass(first, ...rest)
  const asked = `sign-off by ${people(settings)}: ${given.length} of ${settings.count}`
  if (now - askedAt < settings.within) return { is: 'waits', because: asked }
  return inconclusive(`nobody answered within ${formatDuration(settings.within)}: ${asked}`, {
    next: 'sign off, then bring the release again',
  })
}

/** Holds when enough of the people who may have signed the release off for this environment. */
export const signOffGate: Gate<SignOffSettings, Verdict | Awaiting> = {
  name: 'signOff',
  needs: [signOffKind, 'provenance'],
  judge: judgeSignOff,
}
