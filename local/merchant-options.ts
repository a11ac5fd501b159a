/** What `npm run merchant -- …` takes. */
import { isSchedule, SCHEDULE_LIMITS } from "../core/retry/retry-schedule.ts";
import { parseSecret } from "../core/signing/signature.ts";
import { type Command, STATE_OPTION } from "./command-line/command.ts";
import { merchantIdFrom } from "./command-line/ids.ts";
import { CommandLineError, optionsOf } from "./command-line/parse.ts";
import {
  MERCHANT_HEALTH_FORMS,
  MERCHANT_HEALTH_OPTIONS,
  type MerchantHealthOptions,
  merchantHealthOptionsOf,
  withBareEnable,
} from "./merchant-health-options.ts";

export type MerchantAction =
  | { readonly kind: "show" }
  | { readonly kind: "register"; readonly url: string; readonly retrySchedule?: RetryScheduleChange }
  | { readonly kind: "retry schedule"; readonly retrySchedule: RetryScheduleChange }
  | { readonly kind: "rotate"; readonly overlapMs: number; readonly force: boolean }
  /** @param url registers it with the secret in one step */
  | {
      readonly kind: "import secret";
      readonly secret: string;
      readonly overlapMs: number;
      readonly force: boolean;
      readonly url?: string;
    };

/** Waits in seconds, or `default` for the pipeline's own schedule. */
export type RetryScheduleChange = readonly number[] | "default";

/** Changes of gate and limits come after the action. */
export interface MerchantOptions extends MerchantHealthOptions {
  readonly merchantId: string;
  readonly action: MerchantAction;
  readonly stateDirectory: string;
  readonly showSecret: boolean;
}

const DEFAULT_OVERLAP_HOURS = "24";
const MAX_OVERLAP_HOURS = 168;
const HOUR_MS = 3_600_000;

export const MERCHANT_COMMAND = {
  name: "npm run merchant",
  does: "Shows what a merchant of the running stack verifies with and what it takes, or changes that.",
  code: "LOCAL_OPTION_INVALID",
  forms: [
    "<merchantId> [--show-secret] [--state <directory>]",
    "<merchantId> --url <webhook URL> [--retry-schedule 5,30,300]",
    "<merchantId> --retry-schedule <seconds,seconds,… or default>",
    "<merchantId> --rotate [--overlap-hours 24] [--force]",
    "<merchantId> --secret whsec_… [--url <webhook URL>] [--overlap-hours 24] [--force]",
    ...MERCHANT_HEALTH_FORMS,
  ],
  takesOperands: true,
  options: {
    url: { type: "string", takes: "<webhook URL>", says: "registers it, or changes its URL" },
    "retry-schedule": { type: "string", takes: "<seconds,…>", says: "its own waits, or default for the pipeline's" },
    rotate: { type: "boolean", default: false, says: "new keys; the ones before sign along for a while" },
    secret: { type: "string", takes: "whsec_…", says: "a secret that it brought along" },
    "overlap-hours": { type: "string", takes: "<hours>", says: "for how long the keys before sign along (24)" },
    force: { type: "boolean", default: false, says: "ends keys that sign along from an earlier change" },
    ...MERCHANT_HEALTH_OPTIONS,
    "show-secret": { type: "boolean", default: false, says: "prints its secret too, which signs what it gets" },
    state: STATE_OPTION,
  },
} as const satisfies Command;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseMerchantOptions(args: readonly string[]): MerchantOptions {
  return optionsOf(MERCHANT_COMMAND, withBareEnable(args), ({ values, positionals }): MerchantOptions => {
    const merchantId = merchantIdOf(positionals);
    const { url, rotate, secret, force, "overlap-hours": overlapHours } = values;
    const common = { merchantId, stateDirectory: values.state, showSecret: values["show-secret"] };
    const isNewKey = rotate || secret !== undefined;
    if (!isNewKey && (force || overlapHours !== undefined))
      throw new CommandLineError("--overlap-hours and --force go with --rotate or --secret");
    const changes = merchantHealthOptionsOf(values);
    const others = { "--rotate": rotate, "--url": url !== undefined, "--retry-schedule": values["retry-schedule"] };
    if (rotate) refuseTogether("--rotate", { ...others, "--secret": secret !== undefined, ...changes });
    if (secret !== undefined) refuseTogether("--secret", { ...others, "--url": false, ...changes });
    const keyChange = { overlapMs: overlapMsOf(overlapHours), force };
    if (rotate) return { ...common, action: { kind: "rotate", ...keyChange } };
    if (secret !== undefined) {
      const withUrl = url === undefined ? {} : { url: webhookUrlOf(url) };
      const action: MerchantAction = { kind: "import secret", secret: ownSecretOf(secret), ...keyChange, ...withUrl };
      return { ...common, action };
    }
    const change = scheduleChangeOf(values["retry-schedule"]);
    if (url === undefined) {
      const action: MerchantAction =
        change === undefined ? { kind: "show" } : { kind: "retry schedule", retrySchedule: change };
      return { ...common, action, ...changes };
    }
    const retrySchedule = change === undefined ? {} : { retrySchedule: change };
    return { ...common, action: { kind: "register", url: webhookUrlOf(url), ...retrySchedule }, ...changes };
  });
}

/** A change of keys is a step of its own, so that what was told to the merchant is clear. */
function refuseTogether(option: string, others: Readonly<Record<string, unknown>>): void {
  for (const [name, given] of Object.entries(others)) {
    if (name === option || given === undefined || given === false) continue;
    const what = name.startsWith("--") ? name : "a change of gate or limits";
    throw new CommandLineError(`${option} and ${what} are two steps, give one of them`);
  }
}

/** Never shown, not even if it is wrong. */
function ownSecretOf(text: string): string {
  try {
    parseSecret(text);
    return text;
  } catch (error) {
    throw new CommandLineError(`--secret cannot be used: ${(error as Error).message.replace(/\.$/, "")}`);
  }
}

function merchantIdOf(positionals: readonly string[]): string {
  const [merchantId = "", ...others] = positionals;
  if (positionals.length === 0) throw new CommandLineError("Expected one merchant id, got none");
  if (others.length > 0)
    throw new CommandLineError(`Expected one merchant id, got ${positionals.length}: ${positionals.join(" ")}`);
  return merchantIdFrom(merchantId);
}

/** Whether it may be called is for the running stack to say. */
function webhookUrlOf(text: string): string {
  const isWebhookUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isWebhookUrl) return text;
  throw new CommandLineError(
    `--url is ${JSON.stringify(text)}; expected an http or https URL such as http://127.0.0.1:9000/confirmations`,
  );
}

function overlapMsOf(text: string = DEFAULT_OVERLAP_HOURS): number {
  const hours = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (hours <= MAX_OVERLAP_HOURS) return hours * HOUR_MS;
  throw new CommandLineError(
    `--overlap-hours is ${JSON.stringify(text)}; expected hours from 0 to ${MAX_OVERLAP_HOURS}`,
  );
}

function scheduleChangeOf(text: string | undefined): RetryScheduleChange | undefined {
  if (text === undefined || text === "default") return text;
  const waits = text.split(",").map((wait) => (/^ *\d+ *$/.test(wait) ? Number(wait) : Number.NaN));
  if (isSchedule(waits)) return waits;
  throw new CommandLineError(
    `--retry-schedule is ${JSON.stringify(text)}; expected "default", or at most ${SCHEDULE_LIMITS.waits} ` +
      `whole seconds from 1 to ${SCHEDULE_LIMITS.waitSeconds} joined by commas`,
  );
}
