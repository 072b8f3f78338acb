import { join } from 'node:path'

/** In how many parts the access log is kept. */
const parts = 4

/** Where the access log of a gateway is, the newest part first; not all of them are always there. */
export const requestFiles = (folder: string): readonly string[] =>
  Array.from({ length: parts }, (_, i) => join(folder, i === 0 ? 'requests.jsonl' : `requests.${i}.jsonl`))
