import { type Account, type Figure, type Found, figures, otherBooks, removeBook } from './book.ts'
import type { Ledger } from './ledger.ts'

const none = (): Account => Object.fromEntries(figures.map((figure) => [figure, 0])) as Account
const inFlightOf = (account: Account): number =>
  account.accepted - account.answered - account.lost - account.abandoned

/** What has come to a book since it was last read. */
function growth(now: Account, before: Account): Account {
  return Object.fromEntries(
    figures.map((figure: Figure) => [figure, now[figure] - before[figure]]),
  ) as Account
}

/**
 * Adds up what other gateways of the same folder have counted: one that hands over goes on counting until it ends; of
 * one that was killed, what was in flight is lost, and so it is counted.
 */
export function createInheritance(folder: string, ledger: Ledger): { look(): void } {
  const read = new Map<string, Account>()

  function takeOver(book: Found, fleet: string, account: Account): void {
    const name = `${book.name} ${fleet}`
    ledger.inherit(fleet, growth(account, read.get(name) ?? none()))
    read.set(name, account)
    if (book.over) ledger.adopt(fleet, account, inFlightOf(account))
  }

  return {
    look() {
      for (const book of otherBooks(folder)) {
        for (const [fleet, account] of book.accounts) takeOver(book, fleet, account)
        if (book.over) removeBook(folder, book.name)
      }
    },
  }
}
