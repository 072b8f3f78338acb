/** Colours by function. `styles/tokens.css` says the same; a test compares them and computes every contrast. */
export type Tokens = {
  readonly page: string
  readonly raised: string
  readonly text: string
  readonly quiet: string
  readonly line: string
  readonly border: string
  readonly link: string
  readonly ok: string
  readonly fail: string
  readonly warn: string
  readonly running: string
  readonly neutral: string
  readonly live: string
  readonly canary: string
  readonly focus: string
}

export const light: Tokens = {
  page: '#f7f8f9',
  raised: '#ffffff',
  text: '#14181d',
  quiet: '#4a5058',
  line: '#dfe3e8',
  border: '#79818b',
  link: '#12436d',
  ok: '#00796b',
  fail: '#8c1024',
  warn: '#9a5b00',
  running: '#16357f',
  neutral: '#4a5058',
  live: '#12436d',
  canary: '#c2410c',
  focus: '#12436d',
}

export const dark: Tokens = {
  page: '#0f1317',
  raised: '#171c22',
  text: '#eef1f4',
  quiet: '#aab4bf',
  line: '#2a323b',
  border: '#75808c',
  link: '#9cc7ee',
  ok: '#b6f2dc',
  fail: '#ff8a80',
  warn: '#f7bf3f',
  running: '#93b4fb',
  neutral: '#aab4bf',
  live: '#9cc7ee',
  canary: '#ff9d6c',
  focus: '#f7bf3f',
}
