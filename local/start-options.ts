/** What `npm start -- …` takes. A wrong option gives one sentence. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { SettingsInput } from "../core/settings.ts";
import { mergeSettings } from "./assembly/synthesize.ts";
import { LocalError } from "./local-error.ts";
import { LOCAL_SETTINGS } from "./local-settings.ts";
import type { LocalPorts } from "./local-stack.ts";

export interface StartOptions {
  readonly help: boolean;
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly ports: Required<LocalPorts>;
  readonly settings: SettingsInput;
}

export const START_HELP = `npm start -- [options]     the pipeline on this machine, until Ctrl-C

  --port-dynamodb <port>   DynamoDB and its streams (8000)
  --port-sqs <port>        SQS and S3 (9324)
  --port-api <port>        the REST API (3000)
  --port-control <port>    Lambda, CloudWatch, Secrets Manager (9325)
                           0 takes any free port
  --state <directory>      where state is kept (.local)
  --fresh                  throw the kept state away first
  --settings <json|file>   settings over those of local/local-settings.ts, for example '{"order":"merchant"}'
  --help                   this text
`;

export const DEFAULT_STATE_DIRECTORY = ".local";

const OPTIONS = {
  "port-dynamodb": { type: "string", default: "8000" },
  "port-sqs": { type: "string", default: "9324" },
  "port-api": { type: "string", default: "3000" },
  "port-control": { type: "string", default: "9325" },
  state: { type: "string", default: DEFAULT_STATE_DIRECTORY },
  fresh: { type: "boolean", default: false },
  settings: { type: "string", default: "{}" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  return {
    help: values.help,
    stateDirectory: values.state,
    fresh: values.fresh,
    ports: {
      dynamodb: portOf("port-dynamodb", values["port-dynamodb"]),
      sqs: portOf("port-sqs", values["port-sqs"]),
      api: portOf("port-api", values["port-api"]),
      control: portOf("port-control", values["port-control"]),
    },
    settings: mergeSettings(LOCAL_SETTINGS, settingsOf(values.settings)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `${firstSentence(cause)}. \`npm start -- --help\` lists the options.`,
      { cause },
    );
  }
}

/** What parseArgs says goes on with advice on how to write positional arguments, of which there are none. */
export function firstSentence(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split(/\. |\n/)[0]?.replace(/\.$/, "") ?? message;
}

function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new LocalError(
    "LOCAL_OPTION_INVALID",
    `--${option} is ${JSON.stringify(text)}; expected a port, 1 to 65535, or 0 for any free one.`,
  );
}

function settingsOf(text: string): SettingsInput {
  const json = text.trim().startsWith("{") ? text : read(text);
  try {
    return JSON.parse(json) as SettingsInput;
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `--settings is not JSON (${firstSentence(cause)}); expected an object such as {"order":"merchant"}, or a file that holds one.`,
      { cause },
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `--settings names the file ${file}, which cannot be read; give a file or a JSON object.`,
      { cause },
    );
  }
}
