/**
 * Node.js' own options for the server. What a request or a scrape needs for a moment lies in a few MB that are used again;
 * without a limit they grow to 48 MB, of which 16 were seen to be for nothing (bench/README.md, series).
 */
export const serverFlags: readonly string[] = ['--max-semi-space-size=8']
