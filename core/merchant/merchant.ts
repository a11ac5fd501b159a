/**
 * A row of the Merchants table: where a merchant's confirmations go, what they are signed with, and how much it takes.
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";
import { isBase64 } from "../signing/base64.ts";
import { ciphertextOf } from "../signing/imported-secret.ts";
import { isSameChannels, type MerchantChannels, readChannels } from "./channels.ts";
import { MAX_ACKNOWLEDGE_SECONDS, type MerchantAcknowledgement, merchantAcknowledgementOf } from "./acknowledgement.ts";
import { isSameConnection, type MerchantConnection, parseConnection } from "./connection/connection.ts";
import { ENVIRONMENTS, type MerchantEnvironment, SANDBOX } from "./merchant-environment.ts";
import { listenedUntil } from "./listeners.ts";
import { isSameMirror, type Mirror, mirrorOf } from "./mirror.ts";
import { isSameSwitches, MOST_SWITCHES, type Switches, switchesOf } from "./modes.ts";
import { readRetrySchedule } from "./merchant-retry-schedule.ts";
import { ORIGINS, ownedOrigins } from "./ownership.ts";
import { parseSigningAttributes, type SigningAttributes } from "../signing/signing-attributes.ts";

export interface Merchant extends SigningAttributes, MerchantChannels {
  readonly merchantId: string;
  /** Where its confirmations go, unless a transaction carries a URL of its own. */
  readonly confirmationUrl?: string;
  /** Version of the master key that its secret is derived from. @default "1" */
  readonly secretKeyVersion: string;
  /** Base64; random for each merchant. @default no salt */
  readonly secretSalt?: string;
  /**
   * A secret that the merchant brought along, `whsec_` and base64; takes the place of the derived one. In the row:
   * deprecated.
   */
  readonly secret?: string;
  /** The same as KMS encrypted it. */
  readonly encryptedSecret?: Uint8Array;
  /** Calls in flight at once from one worker task. @default as many as its responses allow */
  readonly maxConcurrency?: number;
  /** Calls a second, all tasks together. @default no limit */
  readonly rateLimitPerSecond?: number;
  /** Milliseconds for one attempt, if shorter than the pipeline's own deadline. */
  readonly deadlineMs?: number;
  /**
   * Seconds to wait after the first, second, … failed attempt, in the place of the pipeline's schedule; empty for one
   * attempt.
   */
  readonly retryScheduleSeconds?: readonly number[];
  /** It answers 202 for what it confirms later. @default 202 is a delivery */
  readonly acknowledgement?: MerchantAcknowledgement;
  /** Undefined where it is reached the plain way. */
  readonly connection?: MerchantConnection;
  /** @default live */
  readonly environment?: MerchantEnvironment;
  /** Which origins may be delivered to, of those that are named. @default each may */
  readonly owned?: ReadonlyMap<string, boolean>;
  /** Epoch milliseconds until which somebody listens to it. @default nobody does */
  readonly listenedUntil?: number;
  /** Who confirms what, of one that is cut over from an old system. @default it is live */
  readonly switches?: Switches;
  /** Where goes what would have been sent, under the mode `mirror`. @default nowhere */
  readonly mirror?: Mirror;
}

const FIRST_KEY_VERSION = "1";

/** @returns the merchant, or every fault found in its row */
export function parseMerchant(row: AttributeMap): { merchant: Merchant } | { faults: string[] } {
  const faults: string[] = [];
  const text = (name: string): string | undefined => {
    const value = stringOf(row[name]);
    if (row[name] !== undefined && !value) faults.push(`${name}: expected a string (S) that is not empty`);
    return value;
  };
  const limit = (name: string): number | undefined => {
    const value = numberOf(row[name]);
    if (row[name] !== undefined && !(value !== undefined && Number.isSafeInteger(value) && value >= 1))
      faults.push(`${name}: expected an integer from 1 (N)`);
    return value;
  };
  const merchantId = text("merchantId") ?? "";
  const confirmationUrl = text("confirmationUrl");
  const secretSalt = text("secretSalt");
  if (secretSalt !== undefined && secretSalt !== "" && !isBase64(secretSalt))
    faults.push("secretSalt: expected base64, such as of 16 random bytes");
  const secret = text("secret");
  const encryptedSecret = ciphertextOf(row["encryptedSecret"]);
  if (row["encryptedSecret"] !== undefined && encryptedSecret === undefined)
    faults.push("encryptedSecret: expected binary (B) or base64 (S), as KMS encrypted it");
  if (row["encryptedSecret"] !== undefined && row["secret"] !== undefined)
    faults.push("secret, encryptedSecret: expected one of them");
  const secretKeyVersion = text("secretKeyVersion") ?? FIRST_KEY_VERSION;
  const maxConcurrency = limit("maxConcurrency");
  const rateLimitPerSecond = limit("rateLimitPerSecond");
  const deadlineMs = limit("deadlineMs");
  const retryScheduleSeconds = readRetrySchedule(row["retryScheduleSeconds"], faults);
  const acknowledgement = merchantAcknowledgementOf(row["acknowledgement"]);
  if (row["acknowledgement"] !== undefined && acknowledgement === undefined)
    faults.push(`acknowledgement: expected a map (M) with withinSeconds (N) from 1 to ${MAX_ACKNOWLEDGE_SECONDS}`);
  const signing = parseSigningAttributes(row, faults);
  const connection = parseConnection(row, faults);
  const environment = text("environment");
  if (environment !== undefined && !ENVIRONMENTS.some((known) => known === environment))
    faults.push(`environment: got ${JSON.stringify(environment)}, expected ${ENVIRONMENTS.join(" or ")}`);
  if (row[ORIGINS] !== undefined && row[ORIGINS].M === undefined) faults.push(`${ORIGINS}: expected a map (M)`);
  const owned = ownedOrigins(row);
  const channels = row["channels"] === undefined ? undefined : readChannels(row, faults);
  const listened = listenedUntil(row);
  const switches = row["switches"] === undefined ? undefined : switchesOf(row["switches"]);
  if (row["switches"] !== undefined && switches === undefined)
    faults.push(
      `switches: expected a list (L) of at most ${MOST_SWITCHES} maps with mode (S) and, in all but the first, from ` +
        "(N, epoch milliseconds), each later than the one before",
    );
  const mirror = row["mirror"] === undefined ? undefined : mirrorOf(row["mirror"]);
  if (row["mirror"] !== undefined && mirror === undefined)
    faults.push("mirror: expected a map (M) with url, secretSalt (base64) and secretKeyVersion (S)");
  if (faults.length > 0) return { faults };
  return {
    merchant: {
      merchantId,
      secretKeyVersion,
      ...(confirmationUrl !== undefined && { confirmationUrl }),
      ...(secretSalt !== undefined && { secretSalt }),
      ...(secret !== undefined && { secret }),
      ...(encryptedSecret !== undefined && { encryptedSecret }),
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      ...(rateLimitPerSecond !== undefined && { rateLimitPerSecond }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(retryScheduleSeconds !== undefined && { retryScheduleSeconds }),
      ...(acknowledgement !== undefined && { acknowledgement }),
      ...(environment === SANDBOX && { environment }),
      ...(owned !== undefined && { owned }),
      ...(listened !== undefined && { listenedUntil: listened }),
      ...signing,
      ...(connection !== undefined && { connection }),
      ...channels,
      ...(switches !== undefined && { switches }),
      ...(mirror !== undefined && { mirror }),
    },
  };
}

/**
 * Whether nothing is new about a merchant, keys included. One with a secret that KMS must open, or with a key that will
 * end, is always looked at anew.
 */
export function isUnchanged(known: Merchant, read: Merchant): boolean {
  return (
    isPlain(known) &&
    isPlain(read) &&
    known.merchantId === read.merchantId &&
    known.secretKeyVersion === read.secretKeyVersion &&
    known.secretSalt === read.secretSalt &&
    known.secret === read.secret &&
    known.confirmationUrl === read.confirmationUrl &&
    known.maxConcurrency === read.maxConcurrency &&
    known.rateLimitPerSecond === read.rateLimitPerSecond &&
    known.deadlineMs === read.deadlineMs &&
    String(known.signatures) === String(read.signatures) &&
    isSameConnection(known.connection, read.connection) &&
    known.environment === read.environment &&
    known.acknowledgement?.withinSeconds === read.acknowledgement?.withinSeconds &&
    known.listenedUntil === read.listenedUntil &&
    isSameMap(known.owned, read.owned) &&
    isSameChannels(known, read) &&
    isSameSwitches(known.switches, read.switches) &&
    isSameMirror(known.mirror, read.mirror) &&
    // An empty schedule is none at all, and not the pipeline's.
    JSON.stringify(known.retryScheduleSeconds) === JSON.stringify(read.retryScheduleSeconds)
  );
}

function isSameMap(one: Merchant["owned"], other: Merchant["owned"]): boolean {
  if (one === other) return true;
  return one?.size === other?.size && [...(one ?? [])].every(([origin, isOwned]) => other?.get(origin) === isOwned);
}

function isPlain({ encryptedSecret, previousKey }: Merchant): boolean {
  return encryptedSecret === undefined && previousKey === undefined;
}
