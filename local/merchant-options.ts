/** What `npm run merchant -- …` takes. A wrong option gives one sentence and the usage. */
import { parseArgs } from "node:util";
import { isSchedule, SCHEDULE_LIMITS } from "../core/retry-schedule.ts";
import { LocalError } from "./local-error.ts";
import { DEFAULT_STATE_DIRECTORY, firstSentence } from "./start-options.ts";

export type MerchantAction =
  | { readonly kind: "show" }
  | { readonly kind: "register"; readonly url: string; readonly retrySchedule?: RetryScheduleChange }
  | { readonly kind: "retry schedule"; readonly retrySchedule: RetryScheduleChange }
  | { readonly kind: "rotate"; readonly overlapMs: number; readonly force: boolean };

/** Waits in seconds, or `default` for the pipeline's own schedule. */
export type RetryScheduleChange = readonly number[] | "default";

export interface MerchantOptions {
  readonly merchantId: string;
  readonly action: MerchantAction;
  readonly stateDirectory: string;
}

const USAGE = `npm run merchant -- <merchantId> [--state <directory>]
       npm run merchant -- <merchantId> --url <webhook URL> [--retry-schedule 5,30,300]
       npm run merchant -- <merchantId> --retry-schedule <seconds,seconds,… or default>
       npm run merchant -- <merchantId> --rotate [--overlap-hours 24] [--force]`;
const DEFAULT_OVERLAP_HOURS = "24";
const MAX_OVERLAP_HOURS = 168;
const HOUR_MS = 3_600_000;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseMerchantOptions(args: readonly string[]): MerchantOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: "string" },
        "retry-schedule": { type: "string" },
        rotate: { type: "boolean", default: false },
        "overlap-hours": { type: "string" },
        force: { type: "boolean", default: false },
        state: { type: "string", default: DEFAULT_STATE_DIRECTORY },
      },
    });
    const [merchantId, ...others] = positionals;
    if (merchantId === undefined || others.length > 0) throw new Error("Expected one merchant id");
    const { url, rotate, force, state: stateDirectory, "overlap-hours": overlapHours } = values;
    if (!rotate && (force || overlapHours !== undefined))
      throw new Error("--overlap-hours and --force go with --rotate");
    if (rotate && url !== undefined) throw new Error("--rotate and --url are two steps, give one of them");
    if (rotate && values["retry-schedule"] !== undefined)
      throw new Error("--rotate and --retry-schedule are two steps, give one of them");
    if (rotate) {
      const action: MerchantAction = { kind: "rotate", overlapMs: overlapMsOf(overlapHours), force };
      return { merchantId, action, stateDirectory };
    }
    const change = scheduleChangeOf(values["retry-schedule"]);
    if (url === undefined) {
      const action: MerchantAction =
        change === undefined ? { kind: "show" } : { kind: "retry schedule", retrySchedule: change };
      return { merchantId, action, stateDirectory };
    }
    if (!URL.canParse(url)) throw new Error(`--url is ${JSON.stringify(url)}, which is no URL`);
    const retrySchedule = change === undefined ? {} : { retrySchedule: change };
    return { merchantId, action: { kind: "register", url, ...retrySchedule }, stateDirectory };
  } catch (cause) {
    throw new LocalError("LOCAL_OPTION_INVALID", `${firstSentence(cause)}. Usage: ${USAGE}`, { cause });
  }
}

function overlapMsOf(text: string = DEFAULT_OVERLAP_HOURS): number {
  const hours = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (hours <= MAX_OVERLAP_HOURS) return hours * HOUR_MS;
  throw new Error(`--overlap-hours is ${JSON.stringify(text)}; expected hours from 0 to ${MAX_OVERLAP_HOURS}`);
}

function scheduleChangeOf(text: string | undefined): RetryScheduleChange | undefined {
  if (text === undefined || text === "default") return text;
  const waits = text.split(",").map((wait) => (/^ *\d+ *$/.test(wait) ? Number(wait) : Number.NaN));
  if (isSchedule(waits)) return waits;
  throw new Error(
    `--retry-schedule is ${JSON.stringify(text)}; expected "default", or at most ${SCHEDULE_LIMITS.waits} whole seconds from 1 to ${SCHEDULE_LIMITS.waitSeconds} joined by commas`,
  );
}
