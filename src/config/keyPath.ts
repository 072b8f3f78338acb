import { formatKeyPath, type Json, type KeyPath } from '../kernel/index.ts'

export type { KeyPath }

/** As it is said; the empty path is "the configuration". */
export const keyPathText = (path: KeyPath): string =>
  path.length === 0 ? 'the configuration' : formatKeyPath(path)

/** The value at a path, or undefined when the path leads nowhere. */
export function valueAt(root: Json | undefined, path: KeyPath): Json | undefined {
  let value = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as { readonly [key: string | number]: Json | undefined })[part]
  }
  return value
}

/** True when `path` is `start` or stands below it. */
export const isWithin = (path: KeyPath, start: KeyPath): boolean =>
  start.every((part, index) => path[index] === part)

/** Values of environment variables may be secrets written in clear text by mistake: they are never shown. */
export const isConfidential = (path: KeyPath): boolean => path.slice(0, -1).includes('env')
