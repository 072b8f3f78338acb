/** Called at a named point of a real process, so that a test can end it just there. Does nothing in production. */
export type CrashPoint = (name: string) => void
