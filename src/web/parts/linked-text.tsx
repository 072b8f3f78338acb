import { Fragment } from 'react'
import { Link } from 'wouter'
import { partsOf } from './linked.ts'

/** What the server says, with ways to the deployments and load tests that it names. */
export const LinkedText = ({ text, service }: { readonly text: string; readonly service: string }) =>
  partsOf(text, service).map(({ text: part, href }) =>
    href === undefined ? (
      <Fragment key={part}>{part}</Fragment>
    ) : (
      <Link key={part} href={href}>
        {part}
      </Link>
    ),
  )
