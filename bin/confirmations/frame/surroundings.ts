/** What surrounds the command line: where it writes and reads, who is looking on. Handed in, so that tests have it. */
export interface Surroundings {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** To where `write` writes, as they are; resolves once there is room for more. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at standard output. */
  readonly isTerminal: boolean;
  /** Whether a person could type. */
  readonly isInputTerminal: boolean;
  /** Whether a person looks at standard error, where progress is shown. */
  readonly isErrorTerminal: boolean;
  readonly columns: number;
  /** Of the user: where profiles are kept. */
  readonly configDirectory: string;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
  /** @param awake ends it early */
  readonly sleep: (ms: number, awake?: AbortSignal) => Promise<void>;
  /** Told of each key where a person types. @returns what ends that */
  readonly onKey: (pressed: (key: string) => void) => () => void;
  /** Told when the process is asked to end, which it then does by itself. @returns what ends that */
  readonly onEndAsked: (asked: () => void) => () => void;
  /** @returns whether a browser was begun */
  readonly openInBrowser: (url: string) => Promise<boolean>;
}
