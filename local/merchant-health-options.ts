/**
 * The options of `npm run merchant` that are about a merchant's health row and limits. Faults are one sentence without
 * a full stop.
 */
import type { Options } from "./command-line/command.ts";
import { CommandLineError } from "./command-line/parse.ts";

export type MerchantHealthChange =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** One URL again, or all that are disabled. */
  | { readonly kind: "enable"; readonly url?: string };

/** Whole numbers from 1, or `none` for no limit. */
export interface LimitChanges {
  readonly rateLimitPerSecond?: number | "none";
  readonly maxConcurrency?: number | "none";
}

export interface MerchantHealthOptions {
  readonly health?: MerchantHealthChange;
  readonly limits?: LimitChanges;
}

export const MERCHANT_HEALTH_OPTIONS = {
  pause: { type: "boolean", default: false, says: "nothing is delivered to it" },
  resume: { type: "boolean", default: false, says: "goes on" },
  enable: { type: "string", takes: "[URL]", says: "calls a URL again that was disabled, or all of them" },
  "rate-limit": { type: "string", takes: "<calls>", says: "calls a second at most, or none for no limit" },
  "max-concurrency": { type: "string", takes: "<calls>", says: "calls at once at most, or none for no limit" },
} as const satisfies Options;

export const MERCHANT_HEALTH_FORMS = [
  "<merchantId> --pause | --resume | --enable [URL]",
  "<merchantId> [--rate-limit <calls a second or none>] [--max-concurrency <calls at once or none>]",
] as const;

const ALL = "all";
const MAX_LIMIT = 1_000_000;

/** `--enable` may stand alone, which is more than `parseArgs` knows. */
export function withBareEnable(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    return arg === "--enable" && (next === undefined || next.startsWith("-")) ? `--enable=${ALL}` : arg;
  });
}

export function merchantHealthOptionsOf(values: {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly enable?: string | undefined;
  readonly "rate-limit"?: string | undefined;
  readonly "max-concurrency"?: string | undefined;
}): MerchantHealthOptions {
  const { pause, resume, enable } = values;
  const changes: MerchantHealthChange[] = [
    ...(pause ? [{ kind: "pause" } as const] : []),
    ...(resume ? [{ kind: "resume" } as const] : []),
    ...(enable === undefined ? [] : [enableOf(enable)]),
  ];
  const [health, ...others] = changes;
  if (others.length > 0)
    throw new CommandLineError(
      `${changes.map(({ kind }) => `--${kind}`).join(" and ")} are two steps, give one of them`,
    );
  const rateLimitPerSecond = limitOf("--rate-limit", values["rate-limit"]);
  const maxConcurrency = limitOf("--max-concurrency", values["max-concurrency"]);
  const limits = {
    ...(rateLimitPerSecond !== undefined && { rateLimitPerSecond }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  };
  return { ...(health !== undefined && { health }), ...(Object.keys(limits).length > 0 && { limits }) };
}

function enableOf(text: string): MerchantHealthChange {
  if (text === ALL) return { kind: "enable" };
  if (URL.canParse(text)) return { kind: "enable", url: text };
  throw new CommandLineError(
    `--enable is ${JSON.stringify(text)}; expected a disabled URL, or nothing for all of them`,
  );
}

function limitOf(option: string, text: string | undefined): number | "none" | undefined {
  if (text === undefined || text === "none") return text;
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new CommandLineError(
    `${option} is ${JSON.stringify(text)}; expected "none" or a whole number from 1 to ${MAX_LIMIT}`,
  );
}
