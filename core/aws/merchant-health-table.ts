/**
 * The MerchantGates table: one small row a merchant that is, or was, in trouble. Every change is one update of its own
 * attributes, and where two tasks may want the same (open a circuit, take the probe, take tokens) a condition lets one
 * of them win.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { waitingMerchantKey } from "../transaction/row/index-keys.ts";
import { type MerchantHealth, parseMerchantHealth } from "../merchant/merchant-health.ts";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";
import { type FoundRows, readMerchantRows } from "./merchant-rows.ts";
import { takeTokens } from "./take-tokens.ts";
import { type MerchantHealthUpdate, number, updateMerchantHealth } from "./update-merchant-health.ts";

/** URLs that a health row keeps as disabled. */
export const MAX_DISABLED_URLS = 50;

export class MerchantHealthTable {
  readonly #client: DynamoDBClient;
  readonly #call: FastPathCall;
  readonly #name: string;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, name: string, call: FastPathCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.#name = name;
  }

  /**
   * @param merchantIds at most 100, each once.
   * @returns the health rows that have a row, and the ids that DynamoDB left unprocessed
   */
  async read(
    merchantIds: readonly string[],
  ): Promise<{ healthRows: Map<string, MerchantHealth>; unread: Set<string> }> {
    const found = await readMerchantRows(this.#client, { [this.#name]: merchantIds }, this.#call);
    return healthIn(found(this.#name));
  }

  /**
   * Opens the circuit, unless another task has done so.
   * @param seen `circuitOpenUntil` as it was; undefined for closed
   */
  openCircuit(merchantId: string, seen: number | undefined, until: number, trips: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET circuitOpenUntil = :until, circuitTrips = :trips",
      condition: circuitIs(seen),
      values: {
        ":until": number(until),
        ":trips": number(trips),
        ...(seen !== undefined && { ":seen": number(seen) }),
      },
    });
  }

  /** Takes the one probe of a half-open circuit: it is open for others until the probe must be back. */
  claimProbe(merchantId: string, seen: number, until: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET circuitOpenUntil = :until",
      condition: circuitIs(seen),
      values: { ":until": number(until), ":seen": number(seen) },
    });
  }

  /** Closes the circuit after its probe; what waits is requeued slowly at first, whatever the rate was before. */
  closeCircuit(merchantId: string, seen: number, now: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET releasedAt = :now REMOVE circuitOpenUntil, circuitTrips, releaseRate",
      condition: circuitIs(seen),
      values: { ":now": number(now), ":seen": number(seen) },
    });
  }

  /** @returns false when the health row has as many disabled URLs as it takes */
  disable(merchantId: string, url: string): Promise<boolean> {
    return this.#update(merchantId, {
      update: "ADD disabledUrls :urls",
      condition: "attribute_not_exists(disabledUrls) OR size(disabledUrls) < :most OR contains(disabledUrls, :url)",
      values: { ":urls": { SS: [url] }, ":url": { S: url }, ":most": number(MAX_DISABLED_URLS) },
    });
  }

  /**
   * Notes that something waits for the merchant, before it is parked: `release-due` looks only where this was noted.
   */
  async markWaiting(merchantId: string, isTurnedAway: boolean, now: number): Promise<void> {
    await this.#update(merchantId, {
      update: `SET waitingKey = :key, waitingAt = :now${isTurnedAway ? ", turnedAwayAt = :now" : ""}`,
      values: { ":key": { S: waitingMerchantKey(merchantId) }, ":now": number(now) },
    });
  }

  /** Nothing waits any more; unless something was parked meanwhile. */
  unmarkWaiting(merchantId: string, seenWaitingAt: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "REMOVE waitingKey, releaseRate",
      condition: "waitingAt = :seen",
      values: { ":seen": number(seenWaitingAt) },
    });
  }

  /** Notes a requeue rate, unless another one was noted since. */
  noteRequeueRate(merchantId: string, seenReleasedAt: number, rate: number, now: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET releaseRate = :rate, releasedAt = :now",
      condition: "attribute_not_exists(releasedAt) OR releasedAt = :seen",
      values: { ":rate": number(rate), ":now": number(now), ":seen": number(seenReleasedAt) },
    });
  }

  /** @returns how many of the tokens asked for it took, from 0 to all */
  takeTokens(merchantId: string, slot: number, asked: number, tokensASlot: number): Promise<number> {
    return takeTokens(this.#client, this.#name, merchantId, slot, asked, tokensASlot);
  }

  /** @returns false when the condition did not hold */
  async #update(merchantId: string, update: MerchantHealthUpdate): Promise<boolean> {
    return (await updateMerchantHealth(this.#client, this.#name, merchantId, update)) === undefined;
  }
}

/** Rows of the table as health rows. */
export function healthIn({ rows, unread }: FoundRows): {
  healthRows: Map<string, MerchantHealth>;
  unread: Set<string>;
} {
  return { healthRows: new Map([...rows].map(([merchantId, row]) => [merchantId, parseMerchantHealth(row)])), unread };
}

function circuitIs(seen: number | undefined): string {
  return seen === undefined ? "attribute_not_exists(circuitOpenUntil)" : "circuitOpenUntil = :seen";
}
