import type { DeploymentView } from '../../contract/index.ts'
import { asSentence, formatPart } from '../format.ts'
import { Act } from './act.tsx'
import { chanceSentence, requestsText, splitText, verdictOf, watchedText } from './judge-words.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type View = { readonly view: DeploymentView }

const saying = (sentence: string): string => asSentence(`the new release ${sentence}`)

/** The judge could not tell, or there is no way back: everything stands still until a person has decided. */
export function Held({ view: { id, service, environment, held, judge } }: View) {
  if (!held) return null
  return (
    <section className="panel summary inconclusive" aria-labelledby="held">
      <h2 id="held">
        <Status of="inconclusive">
          Held: {held.because ? 'there is no way back by itself' : 'the judge could not tell'}
        </Status>
      </h2>
      {held.because ? <p>{asSentence(held.because)}</p> : null}
      {judge && !held.because ? <p>{saying(judge.sentence)}</p> : null}
      <p>
        Both releases keep their share of the requests until somebody decides: roll it back, or let it go on,
        and {held.effect}.
      </p>
      <p>
        <Act
          service={service}
          environment={environment}
          action={held}
          wish={{ kind: 'continue', deployment: id }}
          strong
        />
      </p>
      <p className="quiet">
        The same on the command line: <code className="long">{held.command}</code>
      </p>
    </section>
  )
}

const LetOn = ({ view: { letOn } }: View) =>
  letOn ? (
    <p>
      <Status of="waived">Let go on without a verdict</Status> by {letOn.by}, <Ago at={letOn.at} />:{' '}
      {letOn.reason}
    </p>
  ) : null

/** What the judge of a canary says, and by how much. */
export function Judge({ view }: View) {
  const { judge, held } = view
  if (!judge) return null
  const { status, word } = verdictOf[judge.is]
  const facts = [
    ['Share of the requests', splitText(judge.split)],
    ['Requests judged', requestsText(judge.requests)],
    ['Watched', watchedText(judge)],
  ] as const
  return (
    <section className="panel" aria-labelledby="judge">
      <h2 id="judge">Judge</h2>
      <p>
        <Status of={status}>{word}</Status> {held ? null : saying(judge.sentence)}
      </p>
      <LetOn view={view} />
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figure">{value}</dd>
          </div>
        ))}
      </dl>
      {judge.notes.map((note) => (
        <p key={note} className="quiet">
          {asSentence(note)}
        </p>
      ))}
      <p className="quiet">{chanceSentence(judge)}</p>
    </section>
  )
}

/** What its stages are to find, and what that costs. */
export const Plan = ({ view: { plan } }: View) =>
  plan ? (
    <section className="panel" aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <p>{asSentence(plan.sentence)}</p>
      <details className="data">
        <summary>What each stage finds</summary>
        <ol className="plain">
          {plan.stages.map(({ share, sentence }) => (
            <li key={share}>
              <strong>{formatPart(share)}</strong> {sentence}
            </li>
          ))}
        </ol>
      </details>
    </section>
  ) : null
