/**
 * Rows as no producer should write them: broken types, odd ids, sizes near the limit, and the pipeline's own attributes
 * filled with nonsense. Each must end confirmed, if it can be read at all, or failed with a reason, and nothing else
 * may be touched by it.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Row = Readonly<Record<string, AttributeValue>>;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: string): AttributeValue => ({ N: value });
const LARGE_TEXT = 300_000;
const LONG_KEY = 1025;
/** With the rest of the row just below DynamoDB's 400 KB. */
const LARGEST_TEXT = 408_000;

const GARBAGE_KEY = "garbage";
/** Nonsense in the pipeline's own attributes, for rows that others come after. */
const GARBAGE: readonly Row[] = [
  { [ATTRIBUTES.releaseNumber]: text("first") },
  {
    [ATTRIBUTES.releaseNumber]: number("-1"),
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
  },
  { [ATTRIBUTES.confirmationState]: number("3"), [ATTRIBUTES.stateVersion]: text("one") },
  {
    [ATTRIBUTES.attempts]: text("none"),
    [ATTRIBUTES.attemptCount]: text("many"),
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
  },
  {
    [ATTRIBUTES.nextTryAt]: text("soon"),
    [ATTRIBUTES.giveUpAt]: text("never"),
    [ATTRIBUTES.confirmationState]: text("SCHEDULED"),
    [ATTRIBUTES.stateVersion]: number("1"),
  },
];

/** Id of the row of garbage that a transaction comes after. */
export function garbageIdOf(transactionId: string): string {
  return `${transactionId}-garbage`;
}

/** @param row of the one that comes after it. @param which of them, by any number */
export function garbageBefore(row: Row, which: number): Row {
  const transactionId = text(garbageIdOf(row["transactionId"]?.S ?? ""));
  return { ...row, transactionId, orderingKey: text(GARBAGE_KEY), ...GARBAGE[which % GARBAGE.length] };
}

type Spoil = (row: Row) => Row;

const setting =
  (more: Row): Spoil =>
  (row) => ({ ...row, ...more });

const without =
  (...names: readonly string[]): Spoil =>
  (row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

export const POISON = {
  "version is a map": setting({ version: { M: { number: number("1") } } }),
  "version is a float": setting({ version: number("1.5") }),
  "version is huge": setting({ version: number("1e30") }),
  "version is a text": setting({ version: text("one") }),
  "version is negative": setting({ version: number("-3") }),
  "version is missing": without("version"),
  "version is a list of texts": setting({ version: { L: [text("a"), text("b")] } }),
  "merchant is a number": setting({ merchantId: number("7") }),
  "merchant has control characters": setting({ merchantId: text("mer\u0000chant\u001b[2J") }),
  "outcome has control characters": setting({ outcome: text("APPRO\u0000VED") }),
  "amount is a number": setting({ amount: number("12.5") }),
  "amount is a script": setting({ amount: text("1;DROP TABLE") }),
  "time is nonsense": setting({ occurredAt: text("yesterday") }),
  "URL is a list": setting({ confirmationUrl: { L: [text("https://merchant.example/")] } }),
  "payload is a list": setting({ payload: { L: [text("a")] } }),
  "payload is large": setting({ payload: { M: { note: text("x".repeat(LARGE_TEXT)) } } }),
  "row is as large as can be": setting({ payload: { M: { note: text("x".repeat(LARGEST_TEXT)) } } }),
  "payload has odd names": setting({
    payload: {
      M: { ["__proto__"]: text("a"), "\u0000": text("b"), "\ud83d\udca5": { NULL: true }, toString: text("c") },
    },
  }),
  "deadline has passed": setting({ deliverBy: text("2020-01-01T00:00:00Z") }),
  "trace header is nonsense": setting({ traceHeader: text("Root=\u0007;;;") }),
  "state is nonsense": setting({
    [ATTRIBUTES.confirmationState]: text("DONE, TRUST ME"),
    [ATTRIBUTES.stateVersion]: number("1"),
  }),
  "state is a number": setting({ [ATTRIBUTES.confirmationState]: number("3"), [ATTRIBUTES.stateVersion]: text("one") }),
  "release is a text": setting({ [ATTRIBUTES.releaseNumber]: text("first") }),
  "release is negative": setting({ [ATTRIBUTES.releaseNumber]: number("-1") }),
  "release is a fraction": setting({ [ATTRIBUTES.releaseNumber]: number("0.5") }),
  "release is huge": setting({ [ATTRIBUTES.releaseNumber]: number("1e37") }),
  "unacknowledged requeues are many": setting({ [ATTRIBUTES.unheardReleases]: number("1000000") }),
  "unacknowledged requeues are a text": setting({ [ATTRIBUTES.unheardReleases]: text("many") }),
  "attempts are a text": setting({
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
    [ATTRIBUTES.attemptCount]: text("many"),
    [ATTRIBUTES.attempts]: text("none"),
  }),
  "attempts are many": setting({
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
    [ATTRIBUTES.attemptCount]: number("1000000"),
  }),
  "given up long ago": setting({
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
    [ATTRIBUTES.giveUpAt]: number("1"),
  }),
  "give-up time is a text": setting({
    [ATTRIBUTES.confirmationState]: text("PENDING"),
    [ATTRIBUTES.stateVersion]: number("1"),
    [ATTRIBUTES.giveUpAt]: text("soon"),
  }),
  "parked without a date": (row) => ({
    ...without(ATTRIBUTES.dueKey, ATTRIBUTES.dueAt)(row),
    [ATTRIBUTES.confirmationState]: text("SCHEDULED"),
    [ATTRIBUTES.stateVersion]: number("1"),
  }),
  "highest version is huge": setting({ [ATTRIBUTES.highestVersion]: number("1e30") }),
  "highest version is a text": setting({ [ATTRIBUTES.highestVersion]: text("ninety") }),
  "purge date is a text": setting({ [ATTRIBUTES.purgeAt]: text("never") }),
  "ordering key is a number": setting({ orderingKey: number("7") }),
  "ordering key is too long": setting({ orderingKey: text("k".repeat(LONG_KEY)) }),
  "comes after itself": (row) => ({
    ...row,
    orderingKey: text("itself"),
    orderingAfter: row["transactionId"] ?? text(""),
  }),
  "comes after nobody": setting({ orderingKey: text("nobody"), orderingAfter: text("nobody") }),
  "comes after a number, without a key": setting({ orderingAfter: number("7") }),
  "comes after a row of garbage": (row) => ({
    ...row,
    orderingKey: text(GARBAGE_KEY),
    orderingAfter: text(garbageIdOf(row["transactionId"]?.S ?? "")),
  }),
  "merchant key is odd": setting({ [ATTRIBUTES.merchantKey]: text("\ud83d\udca5#") }),
} as const satisfies Readonly<Record<string, Spoil>>;

export type PoisonKind = keyof typeof POISON;
export const POISON_KINDS = Object.keys(POISON) as readonly PoisonKind[];

/** Kinds whose version cannot be read; they are known by their id alone. */
export function hasReadableVersion(kind: PoisonKind): boolean {
  return !kind.startsWith("version is");
}

/** Ids that are odd, and good. */
export const ODD_IDS = [
  "\ud83d\udca5\ud83d\udcb6",
  "caf\u00e9 \u2603",
  "a\u0000b\u001f",
  "'; DROP TABLE--",
  "%2e%2e/\\",
] as const;
