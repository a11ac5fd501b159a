/**
 * The options of `npm run merchant` that are about a merchant's gate and limits. Faults are one sentence without a full
 * stop.
 */
export type GateChange =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** One URL again, or all that are disabled. */
  | { readonly kind: "enable"; readonly url?: string };

/** Whole numbers from 1, or `none` for no limit. */
export interface LimitChanges {
  readonly rateLimitPerSecond?: number | "none";
  readonly maxConcurrency?: number | "none";
}

export interface GateOptions {
  readonly gate?: GateChange;
  readonly limits?: LimitChanges;
}

export const GATE_OPTIONS = {
  pause: { type: "boolean", default: false },
  resume: { type: "boolean", default: false },
  enable: { type: "string" },
  "rate-limit": { type: "string" },
  "max-concurrency": { type: "string" },
} as const;

export const GATE_USAGE = `
       npm run merchant -- <merchantId> --pause | --resume | --enable [URL]
       npm run merchant -- <merchantId> [--rate-limit <calls a second or none>]
                                        [--max-concurrency <calls at once or none>]`;

const ALL = "all";
const MAX_LIMIT = 1_000_000;

/** `--enable` may stand alone, which is more than `parseArgs` knows. */
export function withBareEnable(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    return arg === "--enable" && (next === undefined || next.startsWith("-")) ? `--enable=${ALL}` : arg;
  });
}

export function gateOptionsOf(values: {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly enable?: string | undefined;
  readonly "rate-limit"?: string | undefined;
  readonly "max-concurrency"?: string | undefined;
}): GateOptions {
  const { pause, resume, enable } = values;
  const changes: GateChange[] = [
    ...(pause ? [{ kind: "pause" } as const] : []),
    ...(resume ? [{ kind: "resume" } as const] : []),
    ...(enable === undefined ? [] : [enableOf(enable)]),
  ];
  const [gate, ...others] = changes;
  if (others.length > 0)
    throw new Error(`${changes.map(({ kind }) => `--${kind}`).join(" and ")} are two steps, give one of them`);
  const rateLimitPerSecond = limitOf("--rate-limit", values["rate-limit"]);
  const maxConcurrency = limitOf("--max-concurrency", values["max-concurrency"]);
  const limits = {
    ...(rateLimitPerSecond !== undefined && { rateLimitPerSecond }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  };
  return { ...(gate !== undefined && { gate }), ...(Object.keys(limits).length > 0 && { limits }) };
}

function enableOf(text: string): GateChange {
  if (text === ALL) return { kind: "enable" };
  if (URL.canParse(text)) return { kind: "enable", url: text };
  throw new Error(`--enable is ${JSON.stringify(text)}; expected a disabled URL, or nothing for all of them`);
}

function limitOf(option: string, text: string | undefined): number | "none" | undefined {
  if (text === undefined || text === "none") return text;
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new Error(`${option} is ${JSON.stringify(text)}; expected "none" or a whole number from 1 to ${MAX_LIMIT}`);
}
