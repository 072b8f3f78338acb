import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorTable } from '../src/kernel/errors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

function pagesIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target]) =>
    target && !/^[a-z]+:/.test(target) ? [target] : [],
  )

/** docs/errors.md and the table of errors list the same codes. */
function checkErrors(): string[] {
  const listed = new Set([...read('docs/errors.md').matchAll(/^## (PLM_[A-Z_]+)$/gm)].map(([, code]) => code))
  const known = new Set<string | undefined>(Object.keys(errorTable))
  return [
    ...[...known]
      .filter((code) => !listed.has(code))
      .map((code) => `docs/errors.md does not explain ${code}`),
    ...[...listed]
      .filter((code) => !known.has(code))
      .map((code) => `docs/errors.md explains ${code}, which does not exist`),
  ]
}

const checkLinks = (page: string): string[] =>
  linksOf(read(page))
    .filter((target) => !existsSync(join(root, dirname(page), target)))
    .map((target) => `${page} links to ${target}, which is not there`)

/** A heading's name in links, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')

const anchorsIn = (page: string): Set<string> =>
  new Set(
    [
      ...read(page)
        .replaceAll(/^```[\s\S]*?^```/gm, '')
        .matchAll(/^#+ (.*)$/gm),
    ].map(([, heading = '']) => anchorOf(heading)),
  )

/** Links to a part of a page lead to a heading that is there. */
const checkAnchors = (page: string): string[] =>
  [...read(page).matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)].flatMap(([, target = '', anchor = '']) => {
    const to = target === '' ? page : join(dirname(page), target)
    return !existsSync(join(root, to)) || !to.endsWith('.md') || anchorsIn(to).has(anchor)
      ? []
      : [`${page} links to ${to}#${anchor}, which is not there`]
  })

function checkIndex(): string[] {
  const linked = new Set(linksOf(read('docs/README.md')).map((target) => join('docs', target)))
  return pagesIn('docs')
    .filter((page) => page !== 'docs/README.md' && !linked.has(page))
    .map((page) => `docs/README.md does not link to ${page}`)
}

const pages = [...pagesIn('docs'), 'README.md', 'CHANGELOG.md']
const problems = [
  ...checkErrors(),
  ...pages.flatMap(checkLinks),
  ...pages.flatMap(checkAnchors),
  ...checkIndex(),
]
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
