/** What `npm run trace -- …` takes. */
import { CommandLineError, optionsOf } from "./command-line/parse.ts";
import { type Command, JSON_OPTION, STATE_OPTION } from "./command-line/command.ts";
import { transactionIdFrom } from "./command-line/ids.ts";

export interface TraceOptions {
  readonly transactionId: string;
  readonly json: boolean;
  readonly stateDirectory: string;
}

export const TRACE_COMMAND = {
  name: "npm run trace",
  does: "The path of one transaction through the running stack, hop by hop, as X-Ray would show it.",
  code: "LOCAL_OPTION_INVALID",
  forms: ["<transactionId> [--json] [--state <directory>]"],
  takesOperands: true,
  options: { json: { ...JSON_OPTION, says: "the documents themselves" }, state: STATE_OPTION },
} as const satisfies Command;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseTraceOptions(args: readonly string[]): TraceOptions {
  return optionsOf(TRACE_COMMAND, args, ({ values, positionals }) => {
    const [transactionId = "", ...others] = positionals;
    if (positionals.length === 0 || others.length > 0)
      throw new CommandLineError(`Expected the id of one transaction, got ${positionals.length}`);
    return { transactionId: transactionIdFrom(transactionId), json: values.json, stateDirectory: values.state };
  });
}
