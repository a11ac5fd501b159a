/** What `npm start -- …` takes. A wrong option gives one sentence. */
import { readFileSync } from "node:fs";
import type { SettingsInput } from "../core/settings/settings.ts";
import { shortly } from "../core/settings/settings-faults.ts";
import { mergeSettings } from "./assembly/synthesize.ts";
import { firstSentence, parseCommandLine } from "./command-line.ts";
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
  --port-control <port>    Lambda, CloudWatch, KMS, Secrets Manager (9325)
  --port-page <port>       the live page (9326)
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
  "port-page": { type: "string", default: "9326" },
  state: { type: "string", default: DEFAULT_STATE_DIRECTORY },
  fresh: { type: "boolean", default: false },
  settings: { type: "string", default: "{}" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const ports = {
    dynamodb: portOf("port-dynamodb", values["port-dynamodb"]),
    sqs: portOf("port-sqs", values["port-sqs"]),
    api: portOf("port-api", values["port-api"]),
    control: portOf("port-control", values["port-control"]),
    page: portOf("port-page", values["port-page"]),
  };
  requireDifferent(ports);
  return {
    help: values.help,
    stateDirectory: values.state,
    fresh: values.fresh,
    ports,
    settings: mergeSettings(LOCAL_SETTINGS, settingsOf(values.settings)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseCommandLine(args, OPTIONS).values;
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `${(cause as Error).message}. \`npm start -- --help\` lists the options.`,
      { cause },
    );
  }
}

function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new LocalError(
    "LOCAL_OPTION_INVALID",
    `--${option} is ${JSON.stringify(text)}; expected a port, 1 to 65535, or 0 for any free one.`,
  );
}

function requireDifferent(ports: Required<LocalPorts>): void {
  const wanted = Object.entries(ports).filter(([, port]) => port !== 0);
  for (const [index, [name, port]] of wanted.entries()) {
    const earlier = wanted.slice(0, index).find(([, other]) => other === port);
    if (earlier !== undefined)
      throw new LocalError(
        "LOCAL_OPTION_INVALID",
        `--port-${earlier[0]} and --port-${name} are both ${port}; expected a port for each, or 0 for any free one.`,
      );
  }
}

const SETTINGS_EXPECTED = `expected an object such as {"order":"merchant"}, or a file that holds one`;

function settingsOf(text: string): SettingsInput {
  const isText = /^\s*[{["]/.test(text) || isJson(text);
  const json = isText ? text : read(text);
  const where = isText ? "--settings" : `The file ${text} of --settings`;
  let settings: unknown;
  try {
    settings = JSON.parse(json);
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `${where} is not JSON (${firstSentence(cause)}); ${SETTINGS_EXPECTED}.`,
      { cause },
    );
  }
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings;
  throw new LocalError("LOCAL_OPTION_INVALID", `${where} is ${shortly(settings)}; ${SETTINGS_EXPECTED}.`);
}

/** `null`, `3` and the like: no file is meant. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `--settings is ${shortly(file)}, which is neither JSON nor a file that can be read; ${SETTINGS_EXPECTED}.`,
      { cause },
    );
  }
}
