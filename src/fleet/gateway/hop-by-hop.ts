import { hopByHop } from './header-kinds.ts'

const none: readonly string[] = []

/** Names in lower case. */
export const namedByConnection = (value: string | undefined): readonly string[] =>
  value === undefined || value === 'keep-alive' || value === 'close'
    ? none
    : value.split(',').map((name) => name.trim().toLowerCase())

/** Whether a header is meant for whoever gets the message in the end. @param name in lower case */
export const isEndToEnd = (name: string, named: readonly string[]): boolean =>
  !hopByHop.has(name) && !named.includes(name)
