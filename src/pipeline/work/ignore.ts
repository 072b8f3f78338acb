/** `*` and `?` stay within a folder, `**` does not; the rest is as it is. */
function compile(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?'
      if (part === '**') return '.*'
      if (part === '*') return '[^/]*'
      if (part === '?') return '[^/]'
      return part.replace(/[.+^${}()|[\]\\]/g, '\\$&')
    })
    .join('')
  // What is below a folder that matches, matches too.
  return new RegExp(`^${source}(?:/.*)?$`)
}

type Rule = { readonly leavesOut: boolean; readonly matches: RegExp }

function ruleOf(line: string): Rule | undefined {
  const leavesOut = !line.startsWith('!')
  const pattern = (leavesOut ? line : line.slice(1)).trim().replace(/^\.?\/+|\/+$/g, '')
  return pattern === '' ? undefined : { leavesOut, matches: compile(pattern) }
}

/**
 * What a `.dockerignore` leaves out of a build, as Docker reads it: from the root of the context, a folder stands for
 * all below it, `!` takes back, and the last line that matches counts.
 */
export function readDockerIgnore(text: string): (path: string) => boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const rules = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => ruleOf(line) ?? [])
  return (path) => rules.findLast((rule) => rule.matches.test(path))?.leavesOut ?? false
}
