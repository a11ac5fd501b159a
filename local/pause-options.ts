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

/** @param kind as package.json gives it. @throws LocalError LOCAL_OPTION_INVALID */
export function parsePauseOptions(kind: string | undefined, args: readonly string[]): PauseOptions {
  return optionsOf(pauseCommand(kind), args, ({ values }) => {
    if (kind !== "pause" && kind !== "resume") throw new CommandLineError("Expected pause or resume");
    return { kind, stateDirectory: values.state };
  });
}
