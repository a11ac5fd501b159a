/**
 * What is written in a run, and when: drawn from the seed, with what is wrong with it. Rows are made of it when their
 * time has come.
 */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import { drawOrder, nameTheOneBefore } from "./draw-order.ts";
import { drawMerchant, GOOD_MERCHANTS, NAMED_MERCHANTS } from "./merchants.ts";
import { ODD_IDS, POISON_KINDS, type PoisonKind } from "./poison-row.ts";

/** How a producer writes a version. */
export type WriteManner =
  /** The whole row, with the keys of both indexes. */
  | "polite put"
  /** The whole row without anything of the pipeline's. */
  | "bare put"
  /** Only what has changed, for a version after the first one. */
  | "update";

export interface PlannedVersion {
  readonly version: number;
  readonly manner: WriteManner;
  /** After the first transaction of the run. */
  readonly atMs: number;
}

export interface ChaosTransaction {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly amountCents: number;
  readonly versions: readonly PlannedVersion[];
  readonly poison?: PoisonKind;
  /** Carries one of the hostile URLs, which one by its number. */
  readonly hostileUrl?: number;
  readonly orderingKey?: string;
  readonly orderingAfter?: string;
  /** Called by a name that nobody has asked for yet. */
  readonly hasFreshName?: true;
  /** Its version is put once more with another content, without a condition, as no producer should. */
  readonly rewrite?: PlannedRewrite;
  /** Occurred the day before, so that there is something for that day's manifest. */
  readonly isOfYesterday?: true;
}

export interface PlannedRewrite {
  readonly atMs: number;
  /** Another merchant that it goes to. @default the same, with another amount and outcome */
  readonly merchantId?: string;
}

const SECOND_VERSION_SHARE = 0.25;
const THIRD_VERSION_SHARE = 0.3;
const LONGEST_UNTIL_NEXT_MS = 3000;
const POISON_SHARE = 0.06;
const HOSTILE_URL_SHARE = 0.06;
const ODD_ID_SHARE = 0.03;
const BARE_SHARE = 0.4;
const FRESH_NAME_SHARE = 0.6;
const YESTERDAY_SHARE = 0.03;
const REWRITTEN_SHARE = 0.06;
const TO_ANOTHER_MERCHANT_SHARE = 0.3;
const NAMED: ReadonlySet<string> = new Set(NAMED_MERCHANTS.map(({ merchantId }) => merchantId));
const HIGHEST_AMOUNT_CENTS = 100_000;

export interface TrafficOptions {
  readonly seed: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly random: Random;
}

export function planTraffic({ seed, ratePerSecond, durationMs, random }: TrafficOptions): ChaosTransaction[] {
  const count = Math.round((ratePerSecond * durationMs) / 1000);
  let poisoned = Math.floor(random() * POISON_KINDS.length);
  const transactions = Array.from({ length: count }, (_, index): ChaosTransaction => {
    const oddity = random() < ODD_ID_SHARE ? ` ${pick(ODD_IDS, random)}` : "";
    const common = {
      transactionId: `chaos-${seed}-${index + 1}${oddity}`,
      merchantId: drawMerchant(random),
      amountCents: 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS),
    };
    const firstAtMs = Math.floor(random() * durationMs);
    const first: PlannedVersion = {
      version: 1,
      manner: random() < BARE_SHARE ? "bare put" : "polite put",
      atMs: firstAtMs,
    };
    const draw = random();
    if (draw < POISON_SHARE) {
      poisoned += 1;
      return { ...common, versions: [first], poison: POISON_KINDS[poisoned % POISON_KINDS.length] as PoisonKind };
    }
    if (draw < POISON_SHARE + HOSTILE_URL_SHARE)
      return { ...common, versions: [first], hostileUrl: Math.floor(random() * 1000) };
    const order = drawOrder(random);
    if (order !== undefined) return { ...common, ...order, versions: withLater(first, random) };
    const isRewritten = random() < REWRITTEN_SHARE;
    const more = {
      ...(NAMED.has(common.merchantId) && random() < FRESH_NAME_SHARE && { hasFreshName: true as const }),
      ...(random() < YESTERDAY_SHARE && { isOfYesterday: true as const }),
    };
    if (!isRewritten) return { ...common, ...more, versions: withLater(first, random) };
    return { ...common, ...more, versions: [first], rewrite: drawRewrite(firstAtMs, random) };
  });
  return nameTheOneBefore(transactions);
}

/** From while the first one is on its way until well after it was delivered. */
function drawRewrite(firstAtMs: number, random: Random): PlannedRewrite {
  const atMs = firstAtMs + Math.floor(random() * random() * LONGEST_UNTIL_NEXT_MS);
  if (random() >= TO_ANOTHER_MERCHANT_SHARE) return { atMs };
  return { atMs, merchantId: pick(GOOD_MERCHANTS, random).merchantId };
}

function withLater(first: PlannedVersion, random: Random): PlannedVersion[] {
  const versions = [first];
  for (const share of [SECOND_VERSION_SHARE, THIRD_VERSION_SHARE]) {
    const last = versions.at(-1) as PlannedVersion;
    if (random() >= share) break;
    versions.push({
      version: last.version + 1,
      manner: pick(["polite put", "bare put", "update"] as const, random),
      atMs: last.atMs + Math.floor(random() * LONGEST_UNTIL_NEXT_MS),
    });
  }
  return versions;
}
