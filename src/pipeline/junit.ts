import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { oneLine, plainLines } from '../kernel/index.ts'
import type { TestFailure, TestSummary } from './plan/work.ts'

/** One report at most so large: it is parsed in the server, at about 10 MB a second. */
export const reportLimitBytes = 10 * 1_048_576

/** Failures are kept in the run's state: so many, with so much of each message. The numbers count all. */
const failuresKept = 30
const messageLimit = 1_000

export type Report = { readonly tests: TestSummary } | { readonly problem: string }

const nothing: TestSummary = { passed: 0, failed: 0, skipped: 0, suites: 0, failures: [] }

/** Sums reports up. */
export const sumReports = (all: readonly TestSummary[]): TestSummary =>
  all.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
      suites: sum.suites + one.suites,
      failures: [...sum.failures, ...one.failures].slice(0, failuresKept),
    }),
    nothing,
  )

/** An element in document order, as the parser gives it: its name → its children; `:@` → its attributes. */
type Node = Readonly<Record<string, unknown>>

const tagOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? ''
const childrenOf = (node: Node): readonly Node[] => {
  const children = node[tagOf(node)]
  return Array.isArray(children) ? children : []
}
const attribute = (node: Node, name: string): string | undefined => {
  const value = (node[':@'] as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
const countOf = (node: Node, name: string): number => Math.max(0, Number(attribute(node, name) ?? 0) || 0)
const textOf = (node: Node): string =>
  childrenOf(node)
    .map((child) => (typeof child['#text'] === 'string' ? child['#text'] : ''))
    .join('')
    .trim()

/** The message in the attribute, unless the text says the same and more. */
function messageOf(node: Node): string {
  const message = attribute(node, 'message') ?? ''
  const text = textOf(node)
  const all = text.includes(message) ? text : `${message}\n${text}`.trim()
  return plainLines(all).slice(0, messageLimit)
}

/** `classname › name`; the class is left out where it only repeats the name or says nothing (node --test). */
function nameOf(test: Node): string {
  const name = attribute(test, 'name') ?? 'unnamed'
  const group = attribute(test, 'classname') ?? ''
  return oneLine(group === '' || group === 'test' || name.startsWith(group) ? name : `${group} › ${name}`)
}

function readCase(test: Node): TestSummary {
  const parts = childrenOf(test)
  const bad = parts.find((part) => tagOf(part) === 'failure' || tagOf(part) === 'error')
  if (bad) {
    const failure: TestFailure = { name: nameOf(test), message: messageOf(bad) }
    return { ...nothing, failed: 1, failures: [failure] }
  }
  return parts.some((part) => tagOf(part) === 'skipped')
    ? { ...nothing, skipped: 1 }
    : { ...nothing, passed: 1 }
}

/** Failures that a suite counts without naming a test: when its own setup failed, for example. */
function unnamed(suite: Node, found: TestSummary): TestSummary {
  const missing = countOf(suite, 'failures') + countOf(suite, 'errors') - found.failed
  if (missing <= 0) return nothing
  const said = childrenOf(suite).find((part) => tagOf(part) === 'error' || tagOf(part) === 'failure')
  const message = said ? messageOf(said) : 'the report counts it and does not name it'
  return {
    ...nothing,
    failed: missing,
    failures: [{ name: oneLine(attribute(suite, 'name') ?? 'suite'), message }],
  }
}

function readNode(node: Node): TestSummary {
  const tag = tagOf(node)
  if (tag === 'testcase') return readCase(node)
  if (tag !== 'testsuite' && tag !== 'testsuites') return nothing
  const inside = sumReports(childrenOf(node).map(readNode))
  const suites = inside.suites + (tag === 'testsuite' ? 1 : 0)
  return sumReports([{ ...inside, suites }, unnamed(node, inside)])
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  preserveOrder: true,
  trimValues: true,
  htmlEntities: true,
  maxNestedTags: 100,
})

function parse(xml: string): readonly Node[] | string {
  // A report has no need to define entities; who does wants them to multiply.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return 'defines entities'
  const valid = XMLValidator.validate(xml)
  if (valid !== true) return `is no well-formed XML (line ${valid.err.line ?? 1}: ${valid.err.msg})`
  try {
    return parser.parse(xml) as Node[]
  } catch (error) {
    return `cannot be read as XML: ${error instanceof Error ? error.message : String(error)}`
  }
}

/**
 * Reads one JUnit XML report in any of its dialects (node --test, jest, pytest, surefire, go-junit-report, …).
 * Tests are counted one by one; what a suite counts beyond that counts as failed, too. Never throws.
 */
export function readJunit(xml: string): Report {
  if (xml.length > reportLimitBytes) return { problem: `is larger than ${reportLimitBytes} bytes` }
  const nodes = parse(xml.replace(/^\uFEFF/, ''))
  if (typeof nodes === 'string') return { problem: nodes }
  const roots = nodes.filter((node) => /^testsuites?$/.test(tagOf(node)))
  if (roots.length === 0) return { problem: 'is no JUnit report: it has no testsuite' }
  return { tests: sumReports(roots.map(readNode)) }
}
