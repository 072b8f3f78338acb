import { posix } from 'node:path'

/** A relative name without `.`, `..` and empty parts: what it names lies in the folder. */
export const isSafeName = (name: string): boolean =>
  name !== '' &&
  !name.includes('\0') &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/**
 * A link whose target lies in the folder, whatever other links there are. `..` may stand only at the beginning
 * of the target: after a name it could lead out by way of another link.
 */
export function isSafeLink(name: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return false
  const parts = target.split('/')
  const down = parts.findIndex((part) => part !== '..')
  if (down >= 0 && parts.slice(down).includes('..')) return false
  const ups = down < 0 ? parts.length : down
  return ups <= name.split('/').length - 1
}
