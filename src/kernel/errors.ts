/**
 * How the process ends: yes, verdict no, usage or configuration, could not tell, timed out, waits for a person or a date,
 * interrupted.
 */
export const exit = { yes: 0, no: 1, usage: 2, unknown: 3, timeout: 4, waits: 5, interrupted: 130 } as const
export type ExitCode = (typeof exit)[keyof typeof exit]

type ErrorKind = {
  readonly message: string
  readonly hint: string
  readonly exit: ExitCode
  readonly http: number
}

/**
 * The one table of errors. The message says what is wrong in general, the hint how to mend it; where it happened
 * and what was found come with each occurrence. `docs/errors.md` lists exactly these (a check compares both ways).
 */
export const errorTable = {
  PLM_CONFIG_INVALID: {
    message: 'The configuration does not say what it may say.',
    hint: 'Each problem names its key, what was found and what is allowed. `plimsoll check` tries it again.',
    exit: exit.usage,
    http: 422,
  },
  PLM_CONFIG_MISSING: {
    message: 'There is no plimsoll.config.ts here.',
    hint: '`plimsoll init` writes one from what it finds in the repository.',
    exit: exit.usage,
    http: 422,
  },
  PLM_CONFIG_FAILED: {
    message: 'The configuration file could not be evaluated.',
    hint: 'It runs by itself, without secrets, environment or child processes; it may import plimsoll and files of its own repository.',
    exit: exit.usage,
    http: 422,
  },
  PLM_TRACES_INVALID: {
    message: 'The OTEL_ variables say where traces go in a way that cannot be followed.',
    hint: 'See docs/traces.md for what Plimsoll reads; without OTEL_EXPORTER_OTLP_ENDPOINT no traces are sent.',
    exit: exit.usage,
    http: 500,
  },
  PLM_USAGE: {
    message: 'The command was not understood.',
    hint: '`plimsoll help` lists the commands, `plimsoll COMMAND --help` one of them.',
    exit: exit.usage,
    http: 400,
  },
  PLM_NODE_TOO_OLD: {
    message: 'This Node.js is too old for Plimsoll.',
    hint: 'Plimsoll needs Node.js 24 or later; the `node` package brings one: `npm install --save-dev node@24`.',
    exit: exit.usage,
    http: 500,
  },
  PLM_SECRET_MISSING: {
    message: 'A secret that the configuration names has no value.',
    hint: 'Add it to the secrets file (mode 0600) or to the environment of `plimsoll up`.',
    exit: exit.usage,
    http: 422,
  },
  PLM_SECRET_FILE_OPEN: {
    message: 'The secrets file can be read by others.',
    hint: '`chmod 600` it; Plimsoll does not read secrets that others can read.',
    exit: exit.usage,
    http: 500,
  },
  PLM_SECRET_FILE_INVALID: {
    message: 'The secrets file has lines that cannot be read.',
    hint: 'Each line says NAME=value; use double quotes for values with spaces or \\n, # begins a comment.',
    exit: exit.usage,
    http: 500,
  },
  PLM_SECRET_TOO_SHORT: {
    message: 'A secret is too short to be hidden in logs.',
    hint: 'Give it at least 4 characters, or say it as a plain environment variable when it is no secret.',
    exit: exit.usage,
    http: 422,
  },
  PLM_HOME_UNUSABLE: {
    message: 'The folder in which Plimsoll keeps everything cannot be used.',
    hint: 'It must be a folder that this user may write to. Choose another with --home or PLIMSOLL_HOME.',
    exit: exit.unknown,
    http: 500,
  },
  PLM_STORE_HELD: {
    message: 'Another Plimsoll server holds this folder.',
    hint: 'Use that server, stop it with `plimsoll down`, or choose another folder with --home.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_NOT_ENDED: {
    message: 'Not everything that Plimsoll started has ended.',
    hint: 'Look why it does not end (`ps -o pid,stat,wchan,args -p PID`; for containers, whether the engine answers), then run `plimsoll down` again.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_STORE_UNWRITABLE: {
    message: 'Plimsoll cannot write to its disk: nothing was changed.',
    hint: 'Make room where PLIMSOLL_HOME lies. What runs goes on, and Plimsoll does by itself once it can write.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_STORE_NEWER: {
    message: 'The store was written by a newer Plimsoll.',
    hint: 'Run that version or a later one; an older one would not understand what is stored.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_PORT_IN_USE: {
    message: 'The port is taken by another process.',
    hint: 'Stop what listens there, or choose another port.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_TOKEN_MISSING: {
    message: 'This needs a token.',
    hint: 'Set PLIMSOLL_TOKEN, or use the token that `plimsoll up` printed at its first start.',
    exit: exit.usage,
    http: 401,
  },
  PLM_TOKEN_WRONG: {
    message: 'The token is not one of this server’s.',
    hint: '`plimsoll token list` names those that exist; `plimsoll token add NAME` makes one.',
    exit: exit.usage,
    http: 403,
  },
  PLM_TOKEN_NARROW: {
    message: 'The token may not be used for this.',
    hint: '`plimsoll token list` says what each may do; `plimsoll token add NAME` makes one for everything.',
    exit: exit.usage,
    http: 403,
  },
  PLM_NOT_FOUND: {
    message: 'There is no such thing here.',
    hint: 'Check the name; `plimsoll status` lists services and environments.',
    exit: exit.usage,
    http: 404,
  },
  PLM_SERVER_UNREACHABLE: {
    message: 'The Plimsoll server did not answer.',
    hint: 'Start it with `plimsoll up`, or name it with --server or PLIMSOLL_SERVER.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_LOCK_HELD: {
    message: 'The environment is locked.',
    hint: 'Wait for its holder or its expiry, or release it with `plimsoll unlock`.',
    exit: exit.no,
    http: 409,
  },
  PLM_NOTHING_TO_ROLL_BACK: {
    message: 'There is no earlier release to go back to.',
    hint: '`plimsoll releases` lists what was deployed; `plimsoll deploy RELEASE` brings a chosen one.',
    exit: exit.no,
    http: 409,
  },
  PLM_RELEASE_TOO_OLD: {
    message: 'This release does not work with the data as they are now.',
    hint: 'Bring a newer release. When you know that the old one works all the same, `plimsoll waive ENVIRONMENT oldestCompatible --reason … --for 1h` lets it through, in your name.',
    exit: exit.no,
    http: 409,
  },
  PLM_GATE_NOT_PASSED: {
    message: 'A gate does not let this release through.',
    hint: 'Each gate names its verdict and reasons; mend what it found, then promote again.',
    exit: exit.no,
    http: 409,
  },
  PLM_SIGN_OFF_REFUSED: {
    message: 'This sign-off would not count.',
    hint: 'The gate names who may sign off; whoever made the change may not, unless the gate says `notAuthor: false`.',
    exit: exit.no,
    http: 403,
  },
  PLM_SQUEEZE_NOT_ALLOWED: {
    message: 'The configuration does not allow this environment to be squeezed.',
    hint: 'Say in the protected branch how much one instance may get: `squeeze: { maxShare: 0.6 }` of the environment, and what is promised there.',
    exit: exit.usage,
    http: 422,
  },
  PLM_SQUEEZE_REFUSED: {
    message: 'The environment cannot be squeezed now.',
    hint: 'Each problem says what speaks against it. Nothing was changed; ask again when that is over.',
    exit: exit.no,
    http: 409,
  },
  PLM_TRY_LIMIT: {
    message: 'As many environments for tries are open as may be at once.',
    hint: '`plimsoll try close N` ends one that nobody needs any more; `try.atMost` of the configuration says how many there may be.',
    exit: exit.no,
    http: 409,
  },
  PLM_TRY_OVER: {
    message: 'This try is over.',
    hint: '`plimsoll try list` shows those that are open; `plimsoll try` opens a new one.',
    exit: exit.no,
    http: 409,
  },
  PLM_STALE: {
    message: 'Somebody else changed this meanwhile.',
    hint: 'Look again and repeat the command if it still makes sense.',
    exit: exit.unknown,
    http: 409,
  },
  PLM_NOT_A_REPOSITORY: {
    message: 'This folder is not in a git repository.',
    hint: '`git init` and a first commit make it one; a change is a commit or a working tree of a repository.',
    exit: exit.usage,
    http: 422,
  },
  PLM_LOAD_TARGET: {
    message: 'The target of the load cannot be reached.',
    hint: 'Check its address, and that it listens; `curl` should get an answer from where Plimsoll runs.',
    exit: exit.unknown,
    http: 422,
  },
  PLM_LOAD_REQUEST: {
    message: 'A request of the load cannot be sent as it is.',
    hint: 'Methods and header names are tokens, header values have no line ends, addresses begin with http:// or https://.',
    exit: exit.usage,
    http: 422,
  },
  PLM_LOAD_PRODUCTION: {
    message: 'This machine runs production.',
    hint: 'Compare on another machine: the load would take from production what it needs. `--beside-production` does it all the same.',
    exit: exit.usage,
    http: 409,
  },
  PLM_LOAD_SCENARIO: {
    message: 'The scenario cannot be used.',
    hint: 'A scenario file exports by default what `scenario(name, async (user) => …)` returns, or a list of such.',
    exit: exit.usage,
    http: 422,
  },
  PLM_ENGINE_UNREACHABLE: {
    message: 'The container engine did not answer.',
    hint: 'Start Docker, or name its socket with DOCKER_HOST=unix://PATH; whoever runs Plimsoll must be allowed to use it.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_DOCKERFILE_MISSING: {
    message: 'A Dockerfile that the configuration names is not there.',
    hint: 'Its path is from the root of the repository; the file must be committed, or be an output of a job.',
    exit: exit.usage,
    http: 422,
  },
  PLM_BUILD_FAILED: {
    message: 'An image could not be built.',
    hint: 'The last lines of the build say at which step; `docker build` with the same Dockerfile shows it all.',
    exit: exit.no,
    http: 422,
  },
  PLM_IMAGE_MISSING: {
    message: 'An image is not there.',
    hint: 'Check its name; the engine must have it, or be able to pull it. Images of releases are not to be removed.',
    exit: exit.usage,
    http: 422,
  },
  PLM_PORT_NOT_EXPOSED: {
    message: 'The image does not expose the port that is to take requests.',
    hint: 'Let `port` and EXPOSE of the Dockerfile name the same port, or leave EXPOSE out.',
    exit: exit.usage,
    http: 422,
  },
  PLM_WHAT_IF: {
    message: 'What is to be assumed cannot be read.',
    hint: 'It may be said several times: an hour (`friday 12:00 x2`), instances (`one instance less`), their size (`size 2 cpus 4GiB`), growth (`grows 5 % a week`) and a release. See docs/headroom.md.',
    exit: exit.usage,
    http: 400,
  },
  PLM_LOAD_SIZE: {
    message: 'There are no instances of that size to be measured.',
    hint: 'Write it as `cpus 2`, `memory 4GiB` or `cpus 2, memory 4GiB`: so much an instance has in all its containers together. Processes have no limits of their own. See docs/perf.md.',
    exit: exit.usage,
    http: 400,
  },
  PLM_HISTORY_SHORT: {
    message: 'Too little is known of the past to try forecasts on it.',
    hint: 'It takes three days of requests. They come through the environment’s gateway; what another tool has counted can be brought along with `plimsoll slo import`.',
    exit: exit.unknown,
    http: 409,
  },
  PLM_QUERY_INVALID: {
    message: 'A query of time series cannot be answered.',
    hint: 'The text says which part of it; names, labels and regular expressions are those of Prometheus.',
    exit: exit.usage,
    http: 422,
  },
  PLM_SERIES_DAMAGED: {
    message: 'Stored samples of a series cannot be read.',
    hint: 'Answers go on without them, and everything else is whole. A copy of the day’s file brings them back; removing the file ends this message.',
    exit: exit.unknown,
    http: 500,
  },
  PLM_SERIES_LIMIT: {
    message: 'There are more series than the store takes; the new ones are left out.',
    hint: 'A label with ever new values (an address, an id) is the usual cause: leave it out. Those that are stored go on.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_SERIES_UNWRITTEN: {
    message: 'Samples cannot be written to disk; they are kept in memory and tried again.',
    hint: 'Make room on the disk, or see the cause in the server’s log. Answers, health and alerts go on meanwhile; what does not fit into memory is dropped, oldest first, and counted.',
    exit: exit.unknown,
    http: 503,
  },
  PLM_SERIES_UNREACHABLE: {
    message: 'The Prometheus (or VictoriaMetrics) that keeps the series did not answer as one does.',
    hint: 'Check its address, that it runs, and that it takes remote writes (`prometheus --web.enable-remote-write-receiver`).',
    exit: exit.unknown,
    http: 503,
  },
  PLM_INTERNAL: {
    message: 'Plimsoll did not expect this.',
    hint: 'This is a fault of Plimsoll; the server’s log has the details.',
    exit: exit.unknown,
    http: 500,
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorTable

/** One thing that is wrong: where, what was found, what is allowed. All that is known is reported at once. */
export type Problem = {
  /** Key path (`slos[0].objective`), file, option or field. */
  readonly at?: string
  /** `file:line` when known. */
  readonly place?: string
  readonly text: string
  readonly didYouMean?: string
}

/** "Could not do it." Verdicts are values; this is for what could not be done at all. */
export class PlimsollError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, problems: readonly Problem[] | string = [], options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [{ text: problems }] : problems
    super([errorTable[code].message, ...list.map((p) => p.text)].join(' '), options)
    this.name = 'PlimsollError'
    this.code = code
    this.problems = list
  }
}
