/** What `npm run pause` and `npm run resume` take. */
import { CommandLineError, optionsOf } from "./command-line/parse.ts";
import { type Command, STATE_OPTION } from "./command-line/command.ts";

export interface PauseOptions {
  readonly kind: "pause" | "resume";
  readonly stateDirectory: string;
}

/** @param kind anything else than `resume` is taken for `pause` */
export function pauseCommand(kind: string | undefined) {
  return {
    name: kind === "resume" ? "npm run resume" : "npm run pause",
    does:
      kind === "resume"
        ? "Goes on with what `npm run pause` held back."
        : "Holds back every delivery of the running stack until `npm run resume`; nothing is lost.",
    code: "LOCAL_OPTION_INVALID",
    options: { state: STATE_OPTION },
  } as const satisfies Command;
}

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parsePauseOptions(args: readonly string[]): PauseOptions {
  const [kind, ...rest] = args;
  return optionsOf(pauseCommand(kind), rest, ({ values }) => {
    if (kind !== "pause" && kind !== "resume") throw new CommandLineError("Expected pause or resume");
    return { kind, stateDirectory: values.state };
  });
}
