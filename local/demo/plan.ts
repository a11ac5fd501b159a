/**
 * What the demo inserts: for each transaction its merchant, its versions and what is wrong with it, drawn from a seed.
 * The first of every hundred or so are bad in turn, so that each kind occurs in every run.
 */
import type { RowKeySettings } from "../../core/settings/row-key-settings.ts";
import { BAD_KINDS, fakeRow, type FakeRow } from "../../core/transaction/fake-transaction.ts";
import { merchantFor } from "./merchants.ts";
import { OrderPlanner } from "./plan-order.ts";
import { seededRandom } from "./seeded-random.ts";

/** Kinds of bad rows: those of the fake inserter, and a body beyond the limit. */
const BAD = [...BAD_KINDS, "body too large"] as const;

export interface PlannedTransaction {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly amountCents: number;
  /** 1, or 2 if its outcome changes soon after. */
  readonly versions: 1 | 2;
  readonly bad?: (typeof BAD)[number];
  /** Carries its merchant's URL itself, with a path of its own. */
  readonly hasOwnUrl: boolean;
  readonly orderingKey?: string;
  readonly orderingAfter?: string;
}

const SECOND_VERSION_SHARE = 0.1;
const OWN_URL_SHARE = 0.05;
const ONE_BAD_IN = 150;
const HIGHEST_AMOUNT_CENTS = 100_000;

export function planTransactions(count: number, seed: number): PlannedTransaction[] {
  const random = seededRandom(seed);
  const order = new OrderPlanner();
  return Array.from({ length: count }, (_, index) => {
    const { merchantId } = merchantFor(random(), random());
    const amountCents = 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS);
    const hasSecond = random() < SECOND_VERSION_SHARE;
    const hasOwnUrl = random() < OWN_URL_SHARE;
    const common = { transactionId: `demo-${seed}-${index + 1}`, merchantId, amountCents };
    if (index % ONE_BAD_IN === 1)
      return {
        ...common,
        versions: 1,
        hasOwnUrl: false,
        bad: BAD[Math.floor(index / ONE_BAD_IN) % BAD.length] as (typeof BAD)[number],
      };
    const ordered = order.next(index, common.transactionId);
    // A second version takes a place of its own at the end of the key, which would tell nothing more.
    if (ordered !== undefined) return { ...common, ...ordered, versions: 1, hasOwnUrl };
    return { ...common, versions: hasSecond ? 2 : 1, hasOwnUrl };
  });
}

export interface RowInput {
  readonly transaction: PlannedTransaction;
  readonly version: 1 | 2;
  /** Where the merchant of the transaction listens. */
  readonly confirmationUrl: string;
  readonly settings: RowKeySettings;
  readonly maxBodyBytes: number;
  readonly nowMs: number;
}

export function rowFor({ transaction, version, confirmationUrl, settings, maxBodyBytes, nowMs }: RowInput): FakeRow {
  const { transactionId, merchantId, amountCents, versions, hasOwnUrl, orderingKey, orderingAfter, bad } = transaction;
  const fields = {
    transactionId,
    merchantId,
    amountCents,
    version,
    isLast: version === versions,
    occurredAt: new Date(nowMs),
  };
  if (bad === "body too large") {
    return { ...fakeRow(fields, settings, nowMs), payload: { M: { note: { S: "x".repeat(maxBodyBytes) } } } };
  }
  return fakeRow(
    {
      ...fields,
      ...(bad !== undefined && { bad }),
      ...(hasOwnUrl && { confirmationUrl: `${confirmationUrl}/own` }),
      ...(orderingKey !== undefined && { orderingKey }),
      ...(orderingAfter !== undefined && { orderingAfter }),
    },
    settings,
    nowMs,
  );
}
