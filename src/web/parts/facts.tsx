import type { ReactNode } from 'react'

export type Fact = readonly [name: string, value: ReactNode]

/** Names and what is known of them; what is not known is left out. */
export const FactList = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl className="facts">
    {facts.map(([name, value]) =>
      value ? (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ) : null,
    )}
  </dl>
)
