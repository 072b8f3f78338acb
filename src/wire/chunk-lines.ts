/** The lines between the chunks of a body, each as latin1 text without its end (RFC 9112, 7.1). */
const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]"
const quoted = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*'
const extension = `;${token}+(?:=(?:${token}*|${quoted}"))?`
const chunkSizeLine = new RegExp(`^([0-9a-fA-F]{1,12})(?:${extension})*$`)
/** The beginning of an extension is one of: none, its name, the sign, its value. */
const chunkSizeBegin = new RegExp(
  `^[0-9a-fA-F]{1,12}(?:${extension})*(?:\\r|;${token}*|;${token}+=(?:${token}*|${quoted}\\\\?))?$`,
)
const trailerLine = /^[!#$%&'*+\-.^_`|~0-9a-z]+:[\t\x20-\x7e\x80-\xff]*$/i
const trailerBegin = /^(?:\r|[!#$%&'*+\-.^_`|~0-9a-z]+(?::[\t\x20-\x7e\x80-\xff]*\r?)?)$/i

/** Undefined when the line is none that says the size of a chunk. */
export function chunkSizeOf(line: string): number | undefined {
  const digits = chunkSizeLine.exec(line)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

/** What was sent cannot have another length than it had. */
export const isTrailer = (line: string): boolean => trailerLine.test(line) && !/^content-length:/i.test(line)

/** Whether more may make the size of a chunk of it. */
export const mayBeChunkSize = (beginning: string): boolean => chunkSizeBegin.test(beginning)

/** Whether more may make a trailer of it, or the last line. */
export const mayBeTrailer = (beginning: string): boolean => trailerBegin.test(beginning)
