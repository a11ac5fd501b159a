/**
 * The directory that a stack keeps its state in. It is the user's choice, so it may be a file, or not be writable, or
 * hold other things: then one sentence says so, and only what the stack itself made is ever removed.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { LocalError } from "./local-error.ts";
import { errorLine } from "../core/errors/error-fields.ts";

/** All that a stack makes in there, but for the list of processes, which belongs to the one that runs. */
const MADE_BY_THE_STACK = [
  "cdk.out",
  "checkpoints",
  "dynamodb",
  "events.jsonl",
  "issuer.json",
  "kms.json",
  "logs",
  "mail",
  "secrets.json",
  "sms.jsonl",
  "sqs",
  "stack.json",
  "traces",
  "whatsapp.jsonl",
];

const WHY: Readonly<Record<string, string>> = {
  EEXIST: "is a file, no directory",
  ENOTDIR: "leads through a file, which is no directory",
  EACCES: "may not be written to by this user",
  EPERM: "may not be written to by this user",
  EROFS: "is on a disk that cannot be written to",
  ENOSPC: "is on a disk that is full",
};

/** Removes the kept state and nothing else. @throws LocalError LOCAL_STATE_UNUSABLE */
export function removeState(stateDirectory: string): void {
  usableState(stateDirectory, () => {
    for (const name of MADE_BY_THE_STACK) rmSync(join(stateDirectory, name), { recursive: true, force: true });
  });
}

/**
 * Does something with the directory.
 * @throws LocalError LOCAL_STATE_UNUSABLE when the operating system does not let it
 */
export function usableState<T>(stateDirectory: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    throw new LocalError(
      "LOCAL_STATE_UNUSABLE",
      `The state directory ${stateDirectory} ${WHY[code] ?? `cannot be used (${errorLine(cause)})`}; ` +
        "choose a directory that this user may write to with --state.",
      { cause },
    );
  }
}
