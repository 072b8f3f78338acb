export { type CountersRead, type Growth, growthOf, noCounters } from './growth.ts'
export { type Answer, readScrape, type Scrape } from './scrape.ts'
export { badName, type CounterSettings } from './settings.ts'
