import type { KeyPath } from './keyPath.ts'

/** Something wrong with the configuration, before its line is known. */
export type Finding = {
  readonly path: KeyPath
  /** What follows the key path in the sentence: "is 99.9, expected a ratio below 1". */
  readonly text: string
  readonly didYouMean?: string
}

/** A finding; `didYouMean` may be undefined. */
export const finding = (path: KeyPath, text: string, didYouMean?: string): Finding => ({
  path,
  text,
  ...(didYouMean === undefined ? {} : { didYouMean }),
})
