/**
 * The MerchantGates table: one small row a merchant that is, or was, in trouble. Every change is one update of its own
 * attributes, and where two tasks may want the same (open a circuit, take the probe, take tokens) a condition lets one
 * of them win.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import { numberOf } from "../transaction/attribute-value.ts";
import { waitingGateKey } from "../transaction/row/index-keys.ts";
import { type Gate, parseGate } from "../merchant/gate.ts";
import { bySdkAlone, type LeanCall } from "./lean/lean-call.ts";
import { type FoundRows, readMerchantRows } from "./merchant-rows.ts";

/** URLs that a gate keeps as disabled. */
const MAX_DISABLED_URLS = 50;
/** Tries at taking tokens, one after the other without a wait. */
const MAX_TOKEN_ROUNDS = 4;
/** Milliseconds by which clocks of tasks may differ; more is a clock that is wrong. */
const MAX_CLOCK_SKEW_MS = 10_000;

interface Update {
  readonly update: string;
  readonly condition?: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

const number = (value: number): AttributeValue => ({ N: String(value) });

export class GatesTable {
  readonly #client: DynamoDBClient;
  readonly #call: LeanCall;
  readonly #name: string;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, name: string, call: LeanCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.#name = name;
  }

  /**
   * @param merchantIds at most 100, each once.
   * @returns the gates that have a row, and the ids that DynamoDB left unprocessed
   */
  async read(merchantIds: readonly string[]): Promise<{ gates: Map<string, Gate>; unread: Set<string> }> {
    const found = await readMerchantRows(this.#client, { [this.#name]: merchantIds }, this.#call);
    return gatesIn(found(this.#name));
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

  /** Closes the circuit after its probe; what waits is released slowly at first, whatever the rate was before. */
  closeCircuit(merchantId: string, seen: number, now: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET releasedAt = :now REMOVE circuitOpenUntil, circuitTrips, releaseRate",
      condition: circuitIs(seen),
      values: { ":now": number(now), ":seen": number(seen) },
    });
  }

  /** @returns false when the gate has as many disabled URLs as it takes */
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
      values: { ":key": { S: waitingGateKey(merchantId) }, ":now": number(now) },
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

  /** Notes a release, unless another one was noted since. */
  noteRelease(merchantId: string, seenReleasedAt: number, rate: number, now: number): Promise<boolean> {
    return this.#update(merchantId, {
      update: "SET releaseRate = :rate, releasedAt = :now",
      condition: "attribute_not_exists(releasedAt) OR releasedAt = :seen",
      values: { ":rate": number(rate), ":now": number(now), ":seen": number(seenReleasedAt) },
    });
  }

  /**
   * Takes tokens of one slot of time, as many as are left of those asked for; one write where there are enough or none.
   * A later slot than this one was begun by a task whose clock is ahead; one that is much later, by a clock that is
   * wrong, and does not count.
   *
   * @param rounds left, since others may be faster each time, or the row hold what no condition fits: none are taken
   * then
   * @returns how many, from 0 to as many as were asked for
   */
  async takeTokens(
    merchantId: string,
    slot: number,
    asked: number,
    tokensASlot: number,
    rounds = MAX_TOKEN_ROUNDS,
  ): Promise<number> {
    const count = Math.min(asked, tokensASlot);
    const tokens = tokensId(merchantId);
    const values = { ":slot": number(slot), ":count": number(count) };
    const row = await this.#updateOrRow(tokens, {
      update: "SET rateTaken = rateTaken + :count",
      condition: "rateSlot = :slot AND rateTaken <= :most",
      values: { ...values, ":most": number(tokensASlot - count) },
    });
    if (row === undefined) return count;
    const begun = numberOf(row["rateSlot"]);
    if (begun === slot) {
      const left = tokensASlot - (numberOf(row["rateTaken"]) ?? 0);
      if (left <= 0 || left >= count || rounds <= 1) return 0;
      return this.takeTokens(merchantId, slot, left, tokensASlot, rounds - 1);
    }
    if (begun !== undefined && begun > slot && begun <= slot + MAX_CLOCK_SKEW_MS) return 0;
    const isFirst = await this.#update(tokens, {
      update: "SET rateSlot = :slot, rateTaken = :count",
      condition:
        begun === undefined
          ? "attribute_not_exists(rateSlot) OR NOT attribute_type(rateSlot, :number)"
          : "rateSlot = :begun",
      // As it was read, with every digit.
      values: { ...values, ...(begun === undefined ? { ":number": { S: "N" } } : { ":begun": row["rateSlot"] ?? {} }) },
    });
    if (isFirst) return count;
    return rounds <= 1 ? 0 : this.takeTokens(merchantId, slot, count, tokensASlot, rounds - 1);
  }

  /** @returns false when the condition did not hold */
  async #update(merchantId: string, update: Update): Promise<boolean> {
    return (await this.#updateOrRow(merchantId, update)) === undefined;
  }

  /** @returns nothing when it was written; the row as it is when the condition did not hold */
  async #updateOrRow(merchantId: string, { update, condition, values }: Update): Promise<AttributeMap | undefined> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#name,
          Key: { merchantId: { S: merchantId } },
          UpdateExpression: update,
          ...(condition !== undefined && {
            ConditionExpression: condition,
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
          ...(values !== undefined && { ExpressionAttributeValues: values as never }),
        }),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
      throw error;
    }
  }
}

/** Of an item of its own: tokens change many times a second, and an item that is throttled must not be the gate. */
function tokensId(merchantId: string): string {
  return `rate limit of ${merchantId}`;
}

/** Rows of the table as gates. */
export function gatesIn({ rows, unread }: FoundRows): { gates: Map<string, Gate>; unread: Set<string> } {
  return { gates: new Map([...rows].map(([merchantId, row]) => [merchantId, parseGate(row)])), unread };
}

function circuitIs(seen: number | undefined): string {
  return seen === undefined ? "attribute_not_exists(circuitOpenUntil)" : "circuitOpenUntil = :seen";
}
