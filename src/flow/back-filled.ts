import type { Json } from '../kernel/index.ts'
import type { Journal } from '../store/index.ts'

type Place = { readonly service: string; readonly environment: string }

/** What the note is called that says of which time of an environment something was brought along. */
export const backFilledNote = ({ service, environment }: Place): string =>
  `back-filled/${service}/${environment}`

/** It changes whenever something older or newer than before was brought along. */
export const backFilledMark = async (journal: Journal, place: Place): Promise<Json | undefined> =>
  journal.note(backFilledNote(place))
