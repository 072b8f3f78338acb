import { type BackFilledView, backFilledView } from '../../contract/index.ts'
import { backFilledNote } from '../../flow/back-filled.ts'
import type { Instant } from '../../kernel/index.ts'
import type { Journal } from '../../store/index.ts'

type Place = { readonly service: string; readonly environment: string }

const known = async (journal: Journal, place: Place): Promise<BackFilledView | undefined> =>
  backFilledView.safeParse(await journal.note(backFilledNote(place))).data

/** Notes of which time something was brought along: of several such times, of the whole of them and who was last. */
export async function keepBackFilled(journal: Journal, place: Place, told: BackFilledView): Promise<void> {
  const before = await known(journal, place)
  await journal.setNote(backFilledNote(place), {
    from: Math.min(told.from, before?.from ?? told.from),
    until: Math.max(told.until, before?.until ?? told.until),
    by: told.by,
  })
}

/** What was brought along of an environment, unless all of it is older than that. */
export async function viewBackFilled(
  journal: Journal,
  place: Place,
  oldest: Instant,
): Promise<BackFilledView | undefined> {
  const told = await known(journal, place)
  return told && told.until > oldest ? told : undefined
}
