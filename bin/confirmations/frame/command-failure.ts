/** What ends a command and can be put right by whoever called it: one sentence with the remedy, and an exit code. */
import { PipelineError, type PipelineErrorOptions } from "../../../core/errors/pipeline-error.ts";
import { EXIT_CODES, type ExitReason } from "./exit-codes.ts";

type CommandFailureCode =
  | "COMMAND_REFUSED"
  | "COMMAND_LINE_WRONG"
  | "COMMAND_NOT_FOUND"
  | "COMMAND_NO_ACCESS"
  | "COMMAND_UNREACHABLE";

type FailureReason = Exclude<ExitReason, "done">;

const CODES: Readonly<Record<FailureReason, CommandFailureCode>> = {
  refused: "COMMAND_REFUSED",
  wrongLine: "COMMAND_LINE_WRONG",
  notFound: "COMMAND_NOT_FOUND",
  noAccess: "COMMAND_NO_ACCESS",
  unreachable: "COMMAND_UNREACHABLE",
};

export class CommandFailure extends PipelineError {
  override readonly name = "CommandFailure";
  readonly code: CommandFailureCode;
  readonly exitCode: number;
  /** It may be over in a moment, with nothing changed. */
  readonly isPassing: boolean;

  constructor(
    reason: FailureReason,
    message: string,
    { isPassing = reason === "unreachable", ...options }: PipelineErrorOptions & { readonly isPassing?: boolean } = {},
  ) {
    super(message, options);
    this.isPassing = isPassing;
    this.code = CODES[reason];
    this.exitCode = EXIT_CODES[reason].code;
  }
}

export function wrongLine(message: string): CommandFailure {
  return new CommandFailure("wrongLine", message);
}
