import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** What a visitor of the page has to load, at most; kilobytes of JavaScript, compressed. */
const limitKb = 130

const folder = fileURLToPath(new URL('../dist/web/assets/', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.js'))
const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(`${folder}${file}`)).length, 0)
console.log(`the page loads ${(bytes / 1000).toFixed(1)} kB of JavaScript, compressed; at most ${limitKb} kB`)
process.exit(bytes > limitKb * 1000 ? 1 : 0)
