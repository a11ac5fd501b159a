/**
 * What the executions know together of the way out, in one item of the gates table: until when it is at fault, and who
 * was reached lately, so that an execution that sees few sites, or has only begun, can tell whose fault a silence is.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { numberOf } from "../../../core/transaction/attribute-value.ts";

/** No merchant may have such an id (`OWN_ITEMS`). */
export const EGRESS_ID = "egress of all executions";
const REACHED = "reached ";

export interface EgressItem {
  /** Epoch milliseconds; past, or undefined, where the way out is well. */
  readonly faultyUntil: number | undefined;
  /** When each origin was last told to be reached, epoch milliseconds. */
  readonly reached: ReadonlyMap<string, number>;
}

export const NOTHING_KNOWN: EgressItem = Object.freeze({ faultyUntil: undefined, reached: new Map<string, number>() });

export function parseEgressItem(item: AttributeMap): EgressItem {
  const reached = Object.entries(item)
    .filter(([name]) => name.startsWith(REACHED))
    .map(([name, at]) => [name.slice(REACHED.length), numberOf(at) ?? 0] as const);
  return { faultyUntil: numberOf(item["faultyUntil"]), reached: new Map(reached) };
}

interface Change {
  readonly expression: string;
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, AttributeValue>;
}

const number = (value: number): AttributeValue => ({ N: String(value) });

export class EgressTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** The next one that is to find out whether it is over waits from `now` on. */
  async faulty(until: number, now: number): Promise<void> {
    await this.#change({
      expression: "SET faultyUntil = :until, triedAt = :now",
      values: { ":until": number(until), ":now": number(now) },
    });
  }

  async well(): Promise<void> {
    await this.#change({ expression: "REMOVE faultyUntil", condition: "attribute_exists(faultyUntil)" });
  }

  /** @returns whether this one may find out whether it is over; nobody else has begun to since `before` */
  takeTurn(now: number, before: number): Promise<boolean> {
    return this.#change({
      expression: "SET triedAt = :now",
      condition: "attribute_not_exists(triedAt) OR triedAt <= :before",
      values: { ":now": number(now), ":before": number(before) },
    });
  }

  async reached(origins: readonly string[], forgotten: readonly string[], now: number): Promise<void> {
    const set = origins.map((_, index) => `#reached${index} = :now`);
    const remove = forgotten.map((_, index) => `#gone${index}`);
    await this.#change({
      expression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
      names: Object.fromEntries([
        ...origins.map((origin, index) => [`#reached${index}`, REACHED + origin]),
        ...forgotten.map((origin, index) => [`#gone${index}`, REACHED + origin]),
      ]),
      values: { ":now": number(now) },
    });
  }

  /** @returns false when the condition did not hold */
  async #change({ expression, condition, names, values }: Change): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#name,
          Key: { merchantId: { S: EGRESS_ID } },
          UpdateExpression: expression,
          ...(condition !== undefined && { ConditionExpression: condition }),
          ...(names !== undefined && { ExpressionAttributeNames: names }),
          ...(values !== undefined && { ExpressionAttributeValues: values as never }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
