/** What `npm run merchant -- …` takes. A wrong option gives one sentence and the usage. */
import { parseArgs } from "node:util";
import { LocalError } from "./local-error.ts";
import { DEFAULT_STATE_DIRECTORY, firstSentence } from "./start-options.ts";

export type MerchantAction =
  | { readonly kind: "show" }
  | { readonly kind: "register"; readonly url: string }
  | { readonly kind: "rotate"; readonly overlapMs: number; readonly force: boolean };

export interface MerchantOptions {
  readonly merchantId: string;
  readonly action: MerchantAction;
  readonly stateDirectory: string;
}

const USAGE = `npm run merchant -- <merchantId> [--state <directory>]
       npm run merchant -- <merchantId> --url <webhook URL>
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
    if (rotate) {
      const action: MerchantAction = { kind: "rotate", overlapMs: overlapMsOf(overlapHours), force };
      return { merchantId, action, stateDirectory };
    }
    if (url === undefined) return { merchantId, action: { kind: "show" }, stateDirectory };
    if (!URL.canParse(url)) throw new Error(`--url is ${JSON.stringify(url)}, which is no URL`);
    return { merchantId, action: { kind: "register", url }, stateDirectory };
  } catch (cause) {
    throw new LocalError("LOCAL_OPTION_INVALID", `${firstSentence(cause)}. Usage: ${USAGE}`, { cause });
  }
}

function overlapMsOf(text: string = DEFAULT_OVERLAP_HOURS): number {
  const hours = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (hours <= MAX_OVERLAP_HOURS) return hours * HOUR_MS;
  throw new Error(`--overlap-hours is ${JSON.stringify(text)}; expected hours from 0 to ${MAX_OVERLAP_HOURS}`);
}
