/** Rows of merchants and of their health rows in one call: whoever needs the one nearly always needs the other. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { MerchantHealth } from "../merchant/merchant-health.ts";
import { healthIn } from "./merchant-health-table.ts";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";
import { type FoundRows, readMerchantRows } from "./merchant-rows.ts";

export interface MerchantsAndHealthNames {
  readonly merchants: string;
  readonly health: string;
}

export class MerchantsAndHealth {
  readonly #client: DynamoDBClient;
  readonly #call: FastPathCall;
  readonly #names: MerchantsAndHealthNames;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, names: MerchantsAndHealthNames, call: FastPathCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.#names = names;
  }

  /**
   * @param merchantIds of merchants, each once
   * @param healthIds of merchants whose health rows are wanted, each once; at most 100 of both together, and at least
   * one
   * @returns the rows and health rows that exist, and the ids that DynamoDB left unprocessed
   */
  async read(
    merchantIds: readonly string[],
    healthIds: readonly string[],
  ): Promise<{
    readonly merchants: FoundRows;
    readonly health: { readonly healthRows: Map<string, MerchantHealth>; readonly unread: Set<string> };
  }> {
    const { merchants, health } = this.#names;
    const found = await readMerchantRows(this.#client, { [merchants]: merchantIds, [health]: healthIds }, this.#call);
    return { merchants: found(merchants), health: healthIn(found(health)) };
  }
}
