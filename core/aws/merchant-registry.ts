/**
 * Rows of the Merchants table as the API keeps them: read consistently, and changed on conditions, each change in one
 * transaction with its entry of the audit log. A row with `deletedAt` is a tombstone: for who asks, it is not there.
 */
import { type DynamoDBClient, GetItemCommand, ScanCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { AuditEntry } from "../audit-log/audit-entry.ts";
import { attributesOf, CONTENT_NAMES, type MerchantContent } from "../merchant/merchant-content.ts";
import { idStartAttributes } from "../merchant/id-start.ts";
import { leavingSandbox } from "../merchant/merchant-environment.ts";
import { ORIGINS } from "../merchant/ownership.ts";
import { DELETED_AT, type Tombstone, TOMBSTONE_ATTRIBUTES } from "../merchant/tombstone.ts";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import type { AuditedWrite, AuditedWrites } from "./audited-writes.ts";

export interface MerchantPage {
  readonly rows: readonly AttributeMap[];
  /** Id after which the next page begins; left out after the last one. */
  readonly next?: string;
}

/** Whose the addresses are, beside what is written of a merchant. */
export interface OwnershipWrite {
  readonly origins: AttributeValue;
  /** Further writes of the same transaction: the job that asks for a challenge. */
  readonly acts: readonly TransactWriteItem[];
}

export class MerchantRegistry {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #audited: AuditedWrites;

  constructor(client: DynamoDBClient, table: string, audited: AuditedWrites) {
    this.#client = client;
    this.#table = table;
    this.#audited = audited;
  }

  /** @returns a tombstone too */
  async read(merchantId: string): Promise<AttributeMap | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(merchantId), ConsistentRead: true }),
    );
    return Item;
  }

  /** In no order that means anything, tombstones too. @param after id of the merchant before */
  async page(limit: number, after: string | undefined): Promise<MerchantPage> {
    const { Items: rows = [], LastEvaluatedKey: last } = await this.#client.send(
      new ScanCommand({
        TableName: this.#table,
        ConsistentRead: true,
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: keyOf(after) }),
      }),
    );
    const next = last?.["merchantId"]?.S;
    return { rows, ...(next !== undefined && { next }) };
  }

  /** @param salt base64, random. @returns refused with the row that is there */
  register(
    merchantId: string,
    content: MerchantContent,
    salt: string,
    { origins, acts }: OwnershipWrite,
    entry: AuditEntry,
  ): Promise<AuditedWrite> {
    const act: TransactWriteItem = {
      Put: {
        TableName: this.#table,
        Item: {
          ...keyOf(merchantId),
          ...itemOf(content),
          ...(idStartAttributes(merchantId) as Record<string, never>),
          [ORIGINS]: origins as never,
          secretSalt: { S: salt },
        },
        ConditionExpression: "attribute_not_exists(merchantId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
    return this.#audited.write(entry, [act, ...acts]);
  }

  /**
   * @param seen the row as it was read
   * @param ownership left out where no address is another one
   * @returns refused where it has another content by now, or is deleted
   */
  change(
    seen: AttributeMap,
    content: MerchantContent,
    ownership: OwnershipWrite | undefined,
    entry: AuditEntry,
  ): Promise<AuditedWrite> {
    const owned = ownership === undefined ? {} : { [ORIGINS]: ownership.origins };
    const written = attributesOf(content);
    const left = leavingSandbox(seen, written, Date.parse(entry.at));
    const listed = idStartAttributes(seen["merchantId"]?.S ?? "");
    const wanted: AttributeMap = { ...written, ...owned, ...left, ...listed };
    const gone = CONTENT_NAMES.filter((name) => wanted[name] === undefined);
    const values: Record<string, AttributeValue> = { ...valuesOf(wanted).ExpressionAttributeValues };
    const conditions = [...CONTENT_NAMES, ...Object.keys(owned)].map((name) => {
      const read = seen[name];
      if (read === undefined) return `attribute_not_exists(${placeOf(name)})`;
      values[`:read_${name}`] = read;
      return `${placeOf(name)} = :read_${name}`;
    });
    const clauses = [setClause(wanted), gone.length > 0 ? `REMOVE ${gone.map(placeOf).join(", ")}` : ""];
    const expressions = {
      UpdateExpression: clauses.join(" ").trim(),
      ConditionExpression: conditions.join(" AND "),
      ExpressionAttributeNames: NAMES_IN_PLACE,
      ExpressionAttributeValues: values,
    };
    return this.update(seen["merchantId"]?.S ?? "", entry, expressions, ownership?.acts);
  }

  /** @param seen the row as it was read. @returns refused where it has other origins by now, or is deleted */
  changeOrigins(seen: AttributeMap, { origins, acts }: OwnershipWrite, entry: AuditEntry): Promise<AuditedWrite> {
    const read = seen[ORIGINS];
    const expressions = {
      UpdateExpression: `SET ${ORIGINS} = :origins`,
      ConditionExpression: read === undefined ? `attribute_not_exists(${ORIGINS})` : `${ORIGINS} = :read`,
      ExpressionAttributeValues: { ":origins": origins, ...(read !== undefined && { ":read": read }) },
    };
    return this.update(seen["merchantId"]?.S ?? "", entry, expressions, acts);
  }

  /**
   * One that was deleted, with the keys that it had.
   *
   * @param tombstone as it was read. @returns refused where it is none by now
   */
  revive(
    tombstone: AttributeMap,
    content: MerchantContent,
    { origins, acts }: OwnershipWrite,
    entry: AuditEntry,
  ): Promise<AuditedWrite> {
    const written = attributesOf(content);
    const left = leavingSandbox(tombstone, written, Date.parse(entry.at));
    const listed = idStartAttributes(tombstone["merchantId"]?.S ?? "");
    const wanted: AttributeMap = { ...written, [ORIGINS]: origins, ...left, ...listed };
    const gone = [...CONTENT_NAMES.filter((name) => wanted[name] === undefined), ...TOMBSTONE_ATTRIBUTES];
    const act: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(tombstone["merchantId"]?.S ?? ""),
        UpdateExpression: `${setClause(wanted)} REMOVE ${gone.map(placeOf).join(", ")}`.trim(),
        ConditionExpression: `attribute_exists(${DELETED_AT})`,
        ExpressionAttributeNames: NAMES_IN_PLACE,
        ...valuesOf(wanted),
      },
    };
    return this.#audited.write(entry, [act, ...acts]);
  }

  /** Leaves a tombstone. */
  bury(merchantId: string, { set, remove }: Tombstone, entry: AuditEntry): Promise<AuditedWrite> {
    return this.update(merchantId, entry, {
      UpdateExpression: `${setClause(set)} REMOVE ${remove.join(", ")}`,
      ...valuesOf(set),
    });
  }

  /** One update of a row that is there and no tombstone. */
  update(
    merchantId: string,
    entry: AuditEntry,
    expressions: {
      readonly UpdateExpression: string;
      readonly ConditionExpression?: string;
      readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
      readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
    },
    acts: readonly TransactWriteItem[] = [],
  ): Promise<AuditedWrite> {
    const { UpdateExpression, ConditionExpression: condition, ExpressionAttributeValues: values = {} } = expressions;
    const { ExpressionAttributeNames } = expressions;
    const isThere = `attribute_exists(merchantId) AND attribute_not_exists(${DELETED_AT})`;
    const act: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(merchantId),
        UpdateExpression,
        ConditionExpression: condition === undefined ? isThere : `${isThere} AND ${condition}`,
        ...(ExpressionAttributeNames !== undefined && { ExpressionAttributeNames }),
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as never }),
      },
    };
    return this.#audited.write(entry, [act, ...acts]);
  }
}

function keyOf(merchantId: string): { merchantId: { S: string } } {
  return { merchantId: { S: merchantId } };
}

/** In the types of the SDK. */
function itemOf(content: MerchantContent): Record<string, never> {
  return attributesOf(content) as Record<string, never>;
}

/** A word that DynamoDB keeps for itself (Developer Guide, "Reserved words"). */
const RESERVED = "plan";
const NAMES_IN_PLACE = { "#plan": RESERVED } as const;

/** How an expression has an attribute. */
function placeOf(name: string): string {
  return name === RESERVED ? `#${name}` : name;
}

/** Empty where there is nothing to set. */
function setClause(attributes: AttributeMap): string {
  const names = Object.keys(attributes);
  return names.length === 0 ? "" : `SET ${names.map((name) => `${placeOf(name)} = :${name}`).join(", ")}`;
}

function valuesOf(attributes: AttributeMap): { ExpressionAttributeValues?: Record<string, never> } {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return {};
  return {
    ExpressionAttributeValues: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value as never])),
  };
}
