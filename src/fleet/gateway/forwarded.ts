/** What one proxy says in `Forwarded` of the request that it took (RFC 7239, 4): names in small letters. */
export type Pairs = ReadonlyMap<string, string>

/** A token, or a quoted string, in which a backslash takes the next character as it is. */
const pair = /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)")[ \t]*([;,]|$)/y

/** @returns undefined when any of it cannot be read: then none of it is believed */
export function readForwarded(value: string): readonly Pairs[] | undefined {
  const all: Map<string, string>[] = [new Map()]
  let end: string | undefined = ','
  pair.lastIndex = 0
  while (end !== '') {
    const found = pair.exec(value)
    if (!found) return undefined
    const [, name = '', token, quoted = '', last] = found
    const own = all.at(-1)
    if (!own || own.has(name.toLowerCase())) return undefined
    own.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'))
    if (last === ',') all.push(new Map())
    end = last
  }
  return all
}
