/** Sequences that colour, move or name a terminal, whole: their letters would be left over otherwise. */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters that are to go
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-Z\\-_]/g

/** Marks that turn the direction of what follows: a text that carries them reads as another. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g

const withoutSequences = (text: string): string => text.replaceAll(sequences, '').replaceAll(turns, '')

/** One line without control characters: it may come from pushed code, and ends up on a terminal. */
export const oneLine = (text: string): string => withoutSequences(text).replace(/[\s\p{Cc}]+/gu, ' ')

/** The same, with its lines and tabs as they are. */
export const plainLines = (text: string): string =>
  withoutSequences(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
