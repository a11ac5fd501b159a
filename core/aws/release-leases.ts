/**
 * Leases of `release-due` in the MerchantGates table, an item a group of shards, and a sign of life of each part. Their
 * attributes are none of a health row's, so that a merchant who happens to have such an id loses nothing. A lease
 * spares work that another execution does; what makes two of them at once safe is that every claim is conditional.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";

export interface Lease {
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface LeasesSeen {
  /** By group; those that were given back are not among them. */
  readonly leases: ReadonlyMap<number, Lease>;
  /** Parts with the time of their last sign, epoch milliseconds. */
  readonly signs: ReadonlyMap<number, number>;
}

/** Keys that DynamoDB takes in one call. */
const MAX_KEYS = 100;

const number = (value: number) => ({ N: String(value) });
const keyOf = (id: string) => ({ merchantId: { S: id } });

export class ReleaseLeases {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(groups: number, parts: number): Promise<LeasesSeen> {
    const ofGroups = Array.from({ length: groups }, (_, group) => leaseId(group, groups));
    const ofParts = Array.from({ length: parts }, (_, part) => signId(part, parts));
    const rows = await this.#read([...ofGroups, ...ofParts]);
    const leases = ofGroups.flatMap((id, group) => {
      const holder = stringOf(rows.get(id)?.["leaseHolder"]);
      const until = numberOf(rows.get(id)?.["leaseUntil"]);
      return holder === undefined || until === undefined ? [] : [[group, { holder, until }] as const];
    });
    const signs = ofParts.flatMap((id, part) => {
      const at = numberOf(rows.get(id)?.["signAt"]);
      return at === undefined ? [] : [[part, at] as const];
    });
    return { leases: new Map(leases), signs: new Map(signs) };
  }

  /** Takes a lease, or goes on with it. @param seen as it was read. @returns false when somebody else was quicker */
  take(group: number, groups: number, holder: string, until: number, seen: Lease | undefined): Promise<boolean> {
    return this.#update(leaseId(group, groups), {
      UpdateExpression: "SET leaseHolder = :me, leaseUntil = :until",
      ConditionExpression:
        seen === undefined ? "attribute_not_exists(leaseHolder)" : "leaseHolder = :seen AND leaseUntil = :seenUntil",
      ExpressionAttributeValues: {
        ":me": { S: holder },
        ":until": number(until),
        ...(seen !== undefined && { ":seen": { S: seen.holder }, ":seenUntil": number(seen.until) }),
      },
    });
  }

  giveBack(group: number, groups: number, holder: string): Promise<boolean> {
    return this.#update(leaseId(group, groups), {
      UpdateExpression: "REMOVE leaseHolder, leaseUntil",
      ConditionExpression: "leaseHolder = :me",
      ExpressionAttributeValues: { ":me": { S: holder } },
    });
  }

  /** @param at epoch milliseconds */
  giveSign(part: number, parts: number, at: number): Promise<boolean> {
    return this.#update(signId(part, parts), {
      UpdateExpression: "SET signAt = :at",
      ExpressionAttributeValues: { ":at": number(at) },
    });
  }

  async #read(ids: readonly string[]): Promise<Map<string, AttributeMap>> {
    const rows = new Map<string, AttributeMap>();
    for (let start = 0; start < ids.length; start += MAX_KEYS) {
      const Keys = ids.slice(start, start + MAX_KEYS).map(keyOf);
      const command = new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } });
      const { Responses } = await this.#client.send(command);
      for (const row of (Responses?.[this.#table] ?? []) as AttributeMap[])
        rows.set(stringOf(row["merchantId"]) ?? "", row);
    }
    return rows;
  }

  async #update(id: string, update: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], "TableName" | "Key">) {
    try {
      await this.#client.send(new UpdateItemCommand({ TableName: this.#table, Key: keyOf(id), ...update }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function leaseId(group: number, groups: number): string {
  return `release-due lease ${group} of ${groups}`;
}

function signId(part: number, parts: number): string {
  return `release-due part ${part} of ${parts}`;
}
