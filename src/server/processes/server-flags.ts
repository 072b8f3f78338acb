/**
 * Node.js' own options for the server. What a request or a scrape needs for a moment lies in a few MB that are used again;
 * without a limit they grow to 48 MB. With 10,000 series that is 144 MB of memory instead of 158 (bench/README.md, series).
 */
export const serverFlags: readonly string[] = ['--max-semi-space-size=8']
