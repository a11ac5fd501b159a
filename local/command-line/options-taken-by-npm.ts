/**
 * What stands before `--` is npm's: `npm run demo --kill-worker` runs the command without `--kill-worker`, and npm says
 * no more than a warning. It tells what it took in the environment (`npm_config_kill_worker=true`), where a command
 * finds its own options again. Source: npm's `set-envs.js`, which exports each option that differs from its default.
 */
import { calledWith, type Command, type Options } from "./command.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Options that npm (11) takes for the beginning of one of its own. */
const EXPANDED: Readonly<Record<string, string>> = { to: "token-description" };

/**
 * @param args what the command did get
 * @returns one sentence, or undefined when npm took nothing that is not there
 */
export function optionsTakenByNpm(
  { name, options }: Pick<Command, "name" | "options">,
  args: readonly string[],
  environment: Environment,
): string | undefined {
  const taken = Object.entries({ ...options, help: undefined }).flatMap(([option, spec]) => {
    const value = environment[variableOf(option)] ?? environment[variableOf(EXPANDED[option] ?? option)];
    if (value === undefined || value === "" || value === "false" || isGiven(option, args)) return [];
    return [{ option: `--${option}`, written: writtenOf(option, spec, value) }];
  });
  if (taken.length === 0) return undefined;
  const names = taken.map(({ option }) => option).join(" and ");
  const isWhole = taken.every(({ written }) => !written.includes("<"));
  const line = [...(isWhole ? args : args.length > 0 ? ["…"] : []), ...taken.map(({ written }) => written)].join(" ");
  return `npm took ${names} for itself, expected after "--": ${calledWith(name, line)}`;
}

function variableOf(option: string): string {
  return `npm_config_${option.replaceAll("-", "_")}`;
}

function isGiven(option: string, args: readonly string[]): boolean {
  return args.some((arg) => arg === `--${option}` || arg.startsWith(`--${option}=`));
}

/** A value that npm took for an argument of its own is among the arguments, and nobody can say which it was. */
function writtenOf(option: string, spec: Options[string] | undefined, value: string): string {
  if (value !== "true") return `--${option} ${/\s/.test(value) ? `'${value}'` : value}`;
  return spec === undefined || spec.type === "boolean" ? `--${option}` : `--${option} ${spec.takes}`;
}
