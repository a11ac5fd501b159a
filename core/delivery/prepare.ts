/**
 * From a row to a call that can be made, or the reason why it never can. Everything that makes a row bad is found here,
 * before anything is sent: broken types, an unknown merchant, no URL or one that must not be called, a body over the
 * limit.
 */
import { Buffer } from "node:buffer";
import type { Channel, ChannelPlan } from "../channels/channel.ts";
import { type Accepted, acceptedOf, contentOf } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { type Failure, failure } from "../transaction/failure.ts";
import type { SigningKey } from "../signing/merchant-keys.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { pinnedPayloadVersion, type PayloadVersion } from "../transaction/payload-version.ts";
import { confirmedByOf, isPinnedLive } from "../transaction/row/confirmed-by.ts";
import { stateOf } from "../transaction/row/row-state.ts";
import { hasSteps } from "../transaction/row/steps.ts";
import { modeOf, type OldMode } from "../merchant/modes.ts";
import { mirrorOwner } from "../merchant/mirror.ts";
import { isOwned } from "../merchant/ownership.ts";
import { parseTransaction } from "../transaction/parse-transaction.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { buildWebhook, type Webhook } from "./webhook.ts";
import type { AddressGuard } from "./address-guard.ts";
import { type Destination, parseDestination } from "./destination.ts";
import type { MerchantDirectory } from "./merchant-directory.ts";
import type { MerchantEntry } from "./merchant-cache.ts";

export interface PreparedCall {
  readonly merchant: Merchant;
  /** Undefined where a secret of its is still to be opened, once there is room for the call. */
  readonly keys: readonly SigningKey[] | undefined;
  readonly destination: Destination;
  /** Nobody has shown that the address is its merchant's: nothing is to be sent there. */
  readonly isUnverified?: boolean;
  readonly webhook: Webhook;
  /** What the webhook says, for the record. */
  readonly content: Accepted;
  readonly deadlineMs: number;
  /** Epoch milliseconds, where the producer set `deliverBy`. */
  readonly deliverBy?: number;
  /** Only a plan has it, and what the old system confirms. */
  readonly transaction?: undefined;
}

/** The same of a recipient with channels: by which it is told follows from what was done before. */
export interface PreparedPlan extends Pick<
  PreparedCall,
  "merchant" | "keys" | "webhook" | "content" | "deadlineMs" | "deliverBy"
> {
  readonly channels: readonly Channel[];
  readonly plan: ChannelPlan;
  readonly transaction: Transaction;
  /** The call of a webhook among its channels. @param url of the channel. @default as without channels */
  readonly webhookTo: (url: string | undefined) => PreparedCall | Failure;
  readonly mode?: undefined;
}

/** What the old system confirms, by the switches of its merchant: what would have been sent, and is not. */
export interface PreparedShadow {
  readonly mode: OldMode;
  readonly merchant: Merchant;
  readonly transaction: Transaction;
  /** Missing where its body would be too large. */
  readonly webhook?: Webhook;
  /** What the row says, for the condition of the record. */
  readonly content: Accepted;
  /** Why it could not have been sent. */
  readonly unsent?: Pick<Failure, "reason"> & { readonly code: string };
  /** Under the mode `mirror`: where it goes instead, or why it does not. */
  readonly mirror?: PreparedMirror | Unmirrored;
}

/** What goes to a mirror. */
export interface PreparedMirror {
  /** Whom it is signed for and admitted as. */
  readonly merchant: Merchant;
  readonly keys: readonly SigningKey[];
  readonly destination: Destination;
  readonly webhook: Webhook;
  readonly deadlineMs: number;
}

export interface Unmirrored {
  readonly why: string;
}

/** What a merchant that is listened to would have been sent, where there is no address for it. */
export interface UnsentCall {
  readonly merchant: Merchant;
  readonly keys: readonly SigningKey[] | undefined;
  readonly webhook: Webhook;
}

export type PrepareFailure = Failure & { readonly unsent?: UnsentCall };

export type Prepared = PreparedCall | PreparedPlan | PreparedShadow | PrepareFailure;

export interface PrepareOptions {
  readonly merchants: Pick<MerchantDirectory, "get">;
  readonly guard: AddressGuard;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

/**
 * At once where the merchant is kept, as nearly all are.
 *
 * @throws when the Merchants table could not be read; nothing is then known about the row
 */
export function prepareCall(row: AttributeMap, options: PrepareOptions): Prepared | Promise<Prepared> {
  const parsed = parseTransaction(row);
  if ("faults" in parsed)
    return failure(
      "row_invalid",
      `The row cannot be used: ${parsed.faults.join("; ")}. Write it again with a higher version.`,
    );
  const { transaction } = parsed;

  const entry = options.merchants.get(transaction.merchantId);
  return entry instanceof Promise
    ? entry.then((read) => callOf(row, transaction, read, options))
    : callOf(row, transaction, entry, options);
}

function callOf(
  row: AttributeMap,
  transaction: Transaction,
  entry: MerchantEntry | Failure,
  options: PrepareOptions,
): Prepared {
  if ("code" in entry) return entry;
  const { merchant, keys } = entry;
  if (merchant.switches !== undefined) {
    const mode = modeFor(row, transaction, merchant);
    if (mode !== "live") return shadowOf(row, transaction, entry, mode, options);
  }
  if (merchant.channels !== undefined) return planOf(row, transaction, entry, merchant.channels, options);

  const destination = destinationOf(transaction, entry, options.guard);
  if ("code" in destination)
    return merchant.listenedUntil === undefined ? destination : unsent(row, transaction, entry, destination, options);

  const payloadVersion = payloadVersionOf(row, transaction.version, merchant);
  const webhook = buildWebhook(transaction, payloadVersion);
  const bodyBytes = Buffer.byteLength(webhook.body);
  if (bodyBytes > options.maxBodyBytes) return tooLarge(bodyBytes, options);
  return {
    merchant,
    keys,
    destination,
    // Kept with its merchant is only one that was verified.
    isUnverified: destination !== entry.destination && !isOwned(merchant, destination.origin),
    webhook,
    content: contentOf(transaction, payloadVersion),
    deadlineMs: Math.min(options.deadlineMs, merchant.deadlineMs ?? options.deadlineMs),
    ...(transaction.deliverBy !== undefined && { deliverBy: Date.parse(transaction.deliverBy) }),
  };
}

/**
 * By the switches, unless this pipeline has begun with it: what was handled once stays whose it was. A row that is
 * confirmed comes here to be sent again, which nobody but this pipeline does.
 */
function modeFor(row: AttributeMap, { version, occurredAt }: Transaction, { switches }: Merchant) {
  if (stateOf(row) === "CONFIRMED" || isPinnedLive(row, version)) return "live";
  return acceptedOf(row) !== undefined || hasSteps(row) ? "live" : modeOf(occurredAt, switches);
}

/** All that an attempt would find out before its merchant's health is asked. */
function shadowOf(
  row: AttributeMap,
  transaction: Transaction,
  entry: MerchantEntry,
  mode: OldMode,
  options: PrepareOptions,
): PreparedShadow {
  const { merchant } = entry;
  const payloadVersion = payloadVersionOf(row, transaction.version, merchant);
  const content = contentOf(transaction, payloadVersion);
  const webhook = buildWebhook(transaction, payloadVersion);
  const bodyBytes = Buffer.byteLength(webhook.body);
  if (bodyBytes > options.maxBodyBytes) {
    const { code, reason } = tooLarge(bodyBytes, options);
    return { mode, merchant, transaction, content, unsent: { code, reason } };
  }
  const why = merchant.channels === undefined ? whyUnsent(transaction, entry, options) : undefined;
  const shadow = { mode, merchant, transaction, webhook, content, ...(why !== undefined && { unsent: why }) };
  return mode === "mirror" ? { ...shadow, mirror: mirrored(entry, webhook, options) } : shadow;
}

function mirrored(
  { merchant, mirrorKeys: keys }: MerchantEntry,
  webhook: Webhook,
  { guard, deadlineMs }: PrepareOptions,
): PreparedMirror | Unmirrored {
  const { merchantId, mirror, environment, deadlineMs: own = deadlineMs } = merchant;
  if (mirror === undefined) return { why: "its merchant has no mirror" };
  if (keys === undefined)
    return { why: `no key for it: there is no version ${mirror.secretKeyVersion} of the master key` };
  const destination = parseDestination(mirror.url, guard);
  if ("code" in destination) return { why: destination.reason };
  if (!isOwned(merchant, destination.origin)) return { why: "url unverified" };
  const owner = mirrorOwner(merchantId, mirror);
  return {
    merchant: environment === undefined ? owner : { ...owner, environment },
    keys,
    destination,
    webhook,
    deadlineMs: Math.min(deadlineMs, own),
  };
}

function whyUnsent(
  transaction: Transaction,
  entry: MerchantEntry,
  { guard }: PrepareOptions,
): PreparedShadow["unsent"] | undefined {
  const destination = destinationOf(transaction, entry, guard);
  if ("code" in destination) return { code: destination.code, reason: destination.reason };
  if (destination === entry.destination || isOwned(entry.merchant, destination.origin)) return undefined;
  return { code: "url unverified", reason: `nobody has shown that ${destination.origin} is its merchant's` };
}

function tooLarge(bodyBytes: number, { maxBodyBytes }: PrepareOptions): Failure {
  return failure(
    "body_too_large",
    `The webhook's body has ${bodyBytes} bytes, expected at most ${maxBodyBytes}. Write the row ` +
      "again with a smaller payload and a higher version.",
  );
}

function planOf(
  row: AttributeMap,
  transaction: Transaction,
  entry: MerchantEntry,
  channels: readonly Channel[],
  options: PrepareOptions,
): PreparedPlan | Failure {
  const { merchant, keys } = entry;
  const payloadVersion = payloadVersionOf(row, transaction.version, merchant);
  const webhook = buildWebhook(transaction, payloadVersion);
  const bodyBytes = Buffer.byteLength(webhook.body);
  if (bodyBytes > options.maxBodyBytes) return tooLarge(bodyBytes, options);
  const of = {
    merchant,
    keys,
    webhook,
    content: contentOf(transaction, payloadVersion),
    deadlineMs: Math.min(options.deadlineMs, merchant.deadlineMs ?? options.deadlineMs),
    ...(transaction.deliverBy !== undefined && { deliverBy: Date.parse(transaction.deliverBy) }),
  };
  const webhookTo = (url: string | undefined): PreparedCall | Failure => {
    const destination =
      url === undefined ? destinationOf(transaction, entry, options.guard) : parseDestination(url, options.guard);
    if ("code" in destination) return destination;
    const isUnverified = destination !== entry.destination && !isOwned(merchant, destination.origin);
    return { ...of, destination, isUnverified };
  };
  return { ...of, channels, plan: merchant.plan ?? "fallback", transaction, webhookTo };
}

function unsent(
  row: AttributeMap,
  transaction: Transaction,
  { merchant, keys }: MerchantEntry,
  why: Failure,
  { maxBodyBytes }: PrepareOptions,
): PrepareFailure {
  const webhook = buildWebhook(transaction, payloadVersionOf(row, transaction.version, merchant));
  return Buffer.byteLength(webhook.body) > maxBodyBytes ? why : { ...why, unsent: { merchant, keys, webhook } };
}

/**
 * As the version's first attempt pinned it, else as its merchant wants it now. What was confirmed before anything was
 * pinned had the first form, which was the only one.
 */
function payloadVersionOf(row: AttributeMap, version: number, { connection }: Merchant): PayloadVersion {
  const pinned = pinnedPayloadVersion(row, version);
  const wanted = connection?.payloadVersion;
  if (pinned !== undefined || wanted === undefined) return pinned ?? 1;
  // What another one confirmed was never sent from here.
  return stateOf(row) === "CONFIRMED" && confirmedByOf(row) === undefined ? 1 : wanted;
}

function destinationOf(
  { confirmationUrl }: Transaction,
  entry: MerchantEntry,
  guard: AddressGuard,
): Destination | Failure {
  if (confirmationUrl === undefined && entry.destination !== undefined) return entry.destination;
  const url = confirmationUrl ?? entry.merchant.confirmationUrl;
  if (url === undefined)
    return failure(
      "url_missing",
      "confirmationUrl: got nothing, expected one on the transaction or on its merchant; register it, " +
        "then put the dead letter back.",
    );
  const destination = parseDestination(url, guard);
  if (confirmationUrl === undefined && !("code" in destination) && isOwned(entry.merchant, destination.origin))
    entry.destination = destination;
  return destination;
}
