import type { Json } from '../kernel/index.ts'

/** Where a value stands in the configuration: keys of objects and indexes of lists, from the root. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[A-Za-z_$][\w$-]*$/

/** `slos[0].objective`, `environments.production`; the empty path is "the configuration". */
export function formatKeyPath(path: KeyPath): string {
  if (path.length === 0) return 'the configuration'
  return path.map(formatPart).join('').replace(/^\./, '')
}

const formatPart = (part: string | number): string => {
  if (typeof part === 'number') return `[${part}]`
  return plainKey.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`
}

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
