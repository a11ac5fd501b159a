/** Rows of merchants and of their gates in one call: whoever needs the one nearly always needs the other. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Gate } from "../merchant/gate.ts";
import { gatesIn } from "./gates-table.ts";
import { bySdkAlone, type LeanCall } from "./lean/lean-call.ts";
import { type FoundRows, readMerchantRows } from "./merchant-rows.ts";

export interface MerchantsAndGatesNames {
  readonly merchants: string;
  readonly gates: string;
}

export class MerchantsAndGates {
  readonly #client: DynamoDBClient;
  readonly #call: LeanCall;
  readonly #names: MerchantsAndGatesNames;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, names: MerchantsAndGatesNames, call: LeanCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.#names = names;
  }

  /**
   * @param merchantIds of merchants, each once
   * @param gateIds of merchants whose gates are wanted, each once; at most 100 of both together, and at least one
   * @returns the rows and gates that exist, and the ids that DynamoDB left unprocessed
   */
  async read(
    merchantIds: readonly string[],
    gateIds: readonly string[],
  ): Promise<{
    readonly merchants: FoundRows;
    readonly gates: { readonly gates: Map<string, Gate>; readonly unread: Set<string> };
  }> {
    const { merchants, gates } = this.#names;
    const found = await readMerchantRows(this.#client, { [merchants]: merchantIds, [gates]: gateIds }, this.#call);
    return { merchants: found(merchants), gates: gatesIn(found(gates)) };
  }
}
