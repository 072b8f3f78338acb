import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import {
  isAddress,
  type ListedRequest,
  namesOf,
  namesUser,
  nearestAddress,
  parseRequestList,
  type RequestSpec,
} from '../../load/index.ts'
import type { Input, Io } from '../command.ts'
import type { Reader } from './load-reader.ts'

/** A file of addresses: what it is, its ending says. */
export const isList = (target: string): boolean => extname(target) === '.txt'

const withBody: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH'])

function readHeaders(values: Input['values'], reader: Reader): [string, string][] {
  const given = Array.isArray(values.header) ? values.header.map(String) : []
  return given.flatMap((line) => {
    const at = line.indexOf(':')
    if (at > 0) return [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as [string, string]]
    const text = `${line} is not a header, which has a name, a colon and a value`
    reader.problems.push({ at: '--header', text })
    return []
  })
}

function readBody(given: string | undefined, io: Io, reader: Reader): Buffer | undefined {
  if (given === undefined || !given.startsWith('@'))
    return given === undefined ? undefined : Buffer.from(given)
  const file = resolve(io.cwd, given.slice(1))
  if (existsSync(file)) return readFileSync(file)
  reader.problems.push({ at: '--body', text: `there is no file ${given.slice(1)}` })
  return undefined
}

function readList(file: string, io: Io, reader: Reader): readonly ListedRequest[] {
  const path = resolve(io.cwd, file)
  if (!existsSync(path)) {
    reader.problems.push({ at: file, text: `there is no file ${file}` })
    return []
  }
  const given = reader.text('base-url')
  // That it is no address is told already: its paths are not to be problems of their own.
  const base = given === undefined || isAddress(given) ? given : 'http://base-url.invalid/'
  const { requests, problems } = parseRequestList(readFileSync(path, 'utf8'), file, base)
  reader.problems.push(...problems)
  return requests
}

function readTarget(target: string, io: Io, reader: Reader): readonly ListedRequest[] {
  if (isAddress(target)) return [{ url: target }]
  if (isList(target)) return readList(target, io, reader)
  const meant = nearestAddress(target)
  reader.problems.push({
    at: target,
    text: `${target} is neither an address (http://… or https://…) nor a list of them (.txt)`,
    ...(meant ? { didYouMean: meant } : {}),
  })
  return []
}

/**
 * The requests that addresses and lists of addresses stand for, in their order. Headers are for all of them; the method
 * and its body for those whose line says none, and the body for lines that say POST, PUT or PATCH.
 */
export function readRequests(
  targets: readonly string[],
  input: Input,
  io: Io,
  reader: Reader,
): readonly RequestSpec[] {
  const body = readBody(reader.text('body'), io, reader)
  const usual = reader.text('method')?.toUpperCase() ?? (body ? 'POST' : 'GET')
  const headers = readHeaders(input.values, reader)
  const listed = targets.flatMap((target) => readTarget(target, io, reader))
  if (listed.some(({ url }) => namesUser(url)))
    reader.problems.push({
      text: "an address names a user, who is not sent so: say --header 'Authorization: Basic …' (base64 of NAME:PASSWORD)",
    })
  const requests = listed.map(({ method = usual, url }) => ({ method, url }))
  const names = namesOf(requests)
  return requests.map(({ method, url }, i) => {
    const carries = body && (listed[i]?.method === undefined || withBody.has(method))
    return {
      name: names[i] ?? url,
      method,
      url,
      headers,
      ...(carries ? { body: body.toString('base64') } : {}),
    }
  })
}
