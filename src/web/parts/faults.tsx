import { Status } from './status.tsx'

/** What keeps Plimsoll itself from watching as it should. */
export const Faults = ({ faults }: { readonly faults: readonly string[] }) =>
  faults.length === 0 ? null : (
    <ul className="plain watched" aria-label="Faults of Plimsoll itself">
      {faults.map((text) => (
        <li key={text}>
          <Status of="inconclusive">Plimsoll: {text}</Status>
        </li>
      ))}
    </ul>
  )
