/**
 * What SMS may cost in a calendar month (UTC): each message is counted at the most that it may cost before it is sent,
 * and given back where it was not. So all tasks together never send for more, whatever happens in between; what nobody
 * knows stays counted. An item a month, in the table of merchants' health.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { number, updateMerchantHealth } from "../aws/update-merchant-health.ts";
import { SMS_SPENT_PREFIX } from "../merchant/merchant-health.ts";

/** Money is counted in whole millionths of a dollar. */
const MICROS = 1_000_000;

export interface SpendingCapOptions {
  readonly client: DynamoDBClient;
  /** Of merchants' health. */
  readonly table: string;
  readonly maximumMonthlyUsd: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What was counted, to be given back. */
export interface Spending {
  readonly item: string;
  readonly micros: number;
}

export class SpendingCap {
  readonly #options: SpendingCapOptions;

  constructor(options: SpendingCapOptions) {
    this.#options = options;
  }

  /**
   * Rejects while the table cannot be written.
   * @returns undefined where it would be more than the month may cost
   */
  async take(usd: number): Promise<Spending | undefined> {
    const { client, table, maximumMonthlyUsd, now } = this.#options;
    const micros = Math.ceil(usd * MICROS);
    const most = Math.floor(maximumMonthlyUsd * MICROS) - micros;
    if (most < 0) return undefined;
    const item = `${SMS_SPENT_PREFIX}${new Date(now()).toISOString().slice(0, 7)}`;
    const refused = await updateMerchantHealth(client, table, item, {
      update: "ADD spentMicros :micros",
      condition: "attribute_not_exists(spentMicros) OR spentMicros <= :most",
      values: { ":micros": number(micros), ":most": number(most) },
    });
    return refused === undefined ? { item, micros } : undefined;
  }

  /** Rejects while the table cannot be written: it stays counted then. */
  async giveBack({ item, micros }: Spending): Promise<void> {
    const { client, table } = this.#options;
    await updateMerchantHealth(client, table, item, {
      update: "ADD spentMicros :back",
      condition: "attribute_exists(spentMicros)",
      values: { ":back": number(-micros) },
    });
  }
}
