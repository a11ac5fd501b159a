/**
 * What a command of this repository takes, said once: what it does, its options, each with its value and what that is
 * for. Parsing and the text of `--help` are made from it.
 */
import { TRANSPORTS } from "../../core/http/transport.ts";
import { DELIVERY_MODES } from "../../core/settings/groups/delivery.ts";
import type { LocalErrorCode } from "../local-error.ts";

export interface TextOption {
  readonly type: "string";
  readonly default?: string;
  /** What stands for the value in a help text: `<port>`. */
  readonly takes: string;
  readonly says: string;
}

/** May be given more than once. */
export interface ListOption extends Omit<TextOption, "default"> {
  readonly multiple: true;
  readonly default: string[];
}

export interface SwitchOption {
  readonly type: "boolean";
  readonly default: false;
  readonly says: string;
}

export type Options = Readonly<Record<string, TextOption | ListOption | SwitchOption>>;

export interface Command<O extends Options = Options> {
  /** As it is called: `npm run chaos`. */
  readonly name: string;
  readonly does: string;
  readonly options: O;
  /** Of the error when it is called wrongly. */
  readonly code: Extract<LocalErrorCode, `${string}_INVALID`>;
  /** How it is called, where that is more than options. @default each option, in brackets */
  readonly forms?: readonly string[];
  /** Whether it takes more than options. @default false */
  readonly takesOperands?: boolean;
}

export const STATE_OPTION = {
  type: "string",
  default: ".local",
  takes: "<directory>",
  says: "where the stack's state is kept",
} as const satisfies TextOption;

export const JSON_OPTION = {
  type: "boolean",
  default: false,
  says: "the result as JSON on standard output",
} as const satisfies SwitchOption;

export const SEED_OPTION = {
  type: "string",
  takes: "<number>",
  says: "what all chance comes from (a random one)",
} as const satisfies TextOption;

export const DELIVERY_OPTION = {
  type: "string",
  takes: DELIVERY_MODES.join("|"),
  says: "what calls merchants: a task that always runs, or the function of small-account mode",
} as const satisfies TextOption;

export const TRANSPORT_OPTION = {
  type: "string",
  takes: TRANSPORTS.join("|"),
  says: "what carries the calls: the pipeline's own client, or undici",
} as const satisfies TextOption;

/** How the help of a command is asked for. */
export function helpCallOf({ name }: Pick<Command, "name">): string {
  return calledWith(name, "--help");
}

/** What stands before `--` is npm's, of a script of its own; it answers a `--help` there itself. */
export function calledWith(name: string, options: string): string {
  return name.startsWith("npm ") ? `${name} -- ${options}` : `${name} ${options}`;
}

export function helpOf(command: Command): string {
  const lines = Object.entries({ ...command.options, help: HELP }).map(
    ([option, spec]) => [calledAs(option, spec), `${spec.says}${defaultOf(spec)}`] as const,
  );
  const width = Math.max(...lines.map(([called]) => called.length)) + 2;
  const forms = (command.forms ?? ["[options]"]).map((form) => calledWith(command.name, form)).join("\n");
  return `${forms}

${command.does}

${lines.map(([called, says]) => `  ${called.padEnd(width)}${says}\n`).join("")}`;
}

const HELP: SwitchOption = { type: "boolean", default: false, says: "this text" };

function calledAs(option: string, spec: Options[string]): string {
  return spec.type === "boolean" ? `--${option}` : `--${option} ${spec.takes}`;
}

function defaultOf(spec: Options[string]): string {
  return typeof spec.default === "string" ? ` (${spec.default})` : "";
}
