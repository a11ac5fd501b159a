/** Where the running stack is, noted in its state directory for programs in another terminal. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasApi } from "../core/settings/groups/api.ts";
import { LocalError } from "./local-error.ts";
import type { LocalStack } from "./local-stack.ts";

export interface StackFile {
  readonly environment: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Base of the API; undefined where there is none, and so the next. */
  readonly api?: string;
  /** Issuer of the access tokens that it takes. */
  readonly issuer?: string;
  /** Addresses of the app's own REST APIs, by their names. */
  readonly ownApis?: Readonly<Record<string, string>>;
  /** Address of the console. */
  readonly console?: string;
}

const FILE_NAME = "stack.json";

export function writeStackFile(stateDirectory: string, stack: LocalStack): void {
  const { environment, outputs, ownApis, endpoints, settings } = stack;
  const file: StackFile = {
    environment,
    outputs,
    ownApis,
    ...(hasApi(settings) && { api: endpoints.api, issuer: endpoints.issuer }),
    console: endpoints.console,
  };
  const unfinished = join(stateDirectory, `${FILE_NAME}.unfinished`);
  writeFileSync(unfinished, JSON.stringify(file, undefined, 1));
  renameSync(unfinished, join(stateDirectory, FILE_NAME));
}

export function removeStackFile(stateDirectory: string): void {
  rmSync(join(stateDirectory, FILE_NAME), { force: true });
}

/** @throws LocalError LOCAL_NOT_RUNNING */
export function readStackFile(stateDirectory: string): StackFile {
  try {
    return JSON.parse(readFileSync(join(stateDirectory, FILE_NAME), "utf8")) as StackFile;
  } catch (cause) {
    throw notRunning(stateDirectory, cause);
  }
}

export function notRunning(stateDirectory: string, cause: unknown): LocalError {
  return new LocalError(
    "LOCAL_NOT_RUNNING",
    `No stack runs with its state in ${stateDirectory}; start one with \`npm start\` in another terminal, ` +
      "or name its directory with --state.",
    { cause },
  );
}
