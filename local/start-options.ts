/** What `npm start -- …` takes. */
import { readFileSync } from "node:fs";
import { DELIVERY_MODES } from "../core/settings/groups/delivery.ts";
import type { SettingsInput } from "../core/settings/settings.ts";
import { shortly } from "../core/settings/settings-faults.ts";
import { localSettings, mergeSettings } from "./merge-settings.ts";
import { type Command, DELIVERY_OPTION, STATE_OPTION } from "./command-line/command.ts";
import { CommandLineError, firstSentence, oneOf, optionsOf } from "./command-line/parse.ts";
import type { LocalPorts } from "./local-stack.ts";

export interface StartOptions {
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly ports: Required<LocalPorts>;
  readonly settings: SettingsInput;
  /** Undefined for the stack's own mailbox. */
  readonly smtpUrl: string | undefined;
}

const portOption = (text: string, says: string) =>
  ({ type: "string", default: text, takes: "<port>", says: `${says}; 0 takes any free one` }) as const;

export const START_COMMAND = {
  name: "npm start",
  does: "The pipeline on this machine, until Ctrl-C.",
  code: "LOCAL_OPTION_INVALID",
  options: {
    "port-dynamodb": portOption("8000", "DynamoDB and its streams"),
    "port-sqs": portOption("9324", "SQS and S3"),
    "port-api": portOption("3000", "the REST API"),
    "port-control": portOption("9325", "Lambda, CloudWatch, KMS, Secrets Manager"),
    "port-issuer": portOption("9327", "the issuer of access tokens, unless the settings name another one"),
    "port-console": portOption("9329", "the console, with the Live page"),
    "port-smtp": portOption("9328", "the mailbox, where `channels.kinds` has email"),
    smtp: {
      type: "string",
      takes: "<url>",
      says: "SMTP server that mails are handed to, smtp://host:port, instead of the mailbox",
    },
    delivery: { ...DELIVERY_OPTION, says: `${DELIVERY_OPTION.says} (as the settings say)` },
    state: STATE_OPTION,
    fresh: { type: "boolean", default: false, says: "throws the kept state away first" },
    settings: {
      type: "string",
      default: "{}",
      takes: "<json|file>",
      says: 'settings over those of this machine, for example \'{"order":"merchant"}\'',
    },
  },
} as const satisfies Command;

/**
 * @param settings over those of this machine, and under those of `--settings`. @default none
 * @param name how the program is called
 * @throws LocalError LOCAL_OPTION_INVALID
 */
export function parseStartOptions(
  args: readonly string[],
  settings: SettingsInput = {},
  name: string = START_COMMAND.name,
): StartOptions {
  return optionsOf({ ...START_COMMAND, name }, args, ({ values }) => {
    const ports = {
      dynamodb: portOf("port-dynamodb", values["port-dynamodb"]),
      sqs: portOf("port-sqs", values["port-sqs"]),
      api: portOf("port-api", values["port-api"]),
      control: portOf("port-control", values["port-control"]),
      issuer: portOf("port-issuer", values["port-issuer"]),
      console: portOf("port-console", values["port-console"]),
      smtp: portOf("port-smtp", values["port-smtp"]),
    };
    requireDifferent(ports);
    const given = mergeSettings(localSettings(settings), settingsOf(values.settings));
    const merged =
      values.delivery === undefined
        ? given
        : mergeSettings(given, { delivery: { mode: oneOf("--delivery", values.delivery, DELIVERY_MODES) } });
    const smtpUrl = values.smtp === undefined ? undefined : smtpUrlOf(values.smtp);
    return { stateDirectory: values.state, fresh: values.fresh, ports, settings: merged, smtpUrl };
  });
}

function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new CommandLineError(
    `--${option} is ${JSON.stringify(text)}; expected a port, 1 to 65535, or 0 for any free one`,
  );
}

function smtpUrlOf(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== "") return text;
  throw new CommandLineError(`--smtp is ${shortly(text)}; expected an address such as smtp://127.0.0.1:1025`);
}

function requireDifferent(ports: Required<LocalPorts>): void {
  const wanted = Object.entries(ports).filter(([, port]) => port !== 0);
  for (const [index, [name, port]] of wanted.entries()) {
    const earlier = wanted.slice(0, index).find(([, other]) => other === port);
    if (earlier !== undefined)
      throw new CommandLineError(
        `--port-${earlier[0]} and --port-${name} are both ${port}; expected a port for each, or 0 for any free one`,
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
    throw new CommandLineError(`${where} is not JSON (${firstSentence(cause)}); ${SETTINGS_EXPECTED}`, { cause });
  }
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings;
  throw new CommandLineError(`${where} is ${shortly(settings)}; ${SETTINGS_EXPECTED}`);
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
    throw new CommandLineError(
      `--settings is ${shortly(file)}, which is neither JSON nor a file that can be read; ${SETTINGS_EXPECTED}`,
      { cause },
    );
  }
}
