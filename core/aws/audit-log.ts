/**
 * Reads the audit log, newest first: day by day from the table itself, consistently; of one resource from the index,
 * which follows by moments.
 */
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { type AuditEntry, dayOfEntry, entryOfItem } from "../audit-log/audit-entry.ts";
import { RESOURCE_INDEX } from "../settings/names.ts";

export interface AuditQuery {
  /** ISO 8601 in UTC with milliseconds; from is included, to is not. */
  readonly from: string;
  readonly to: string;
  readonly resource?: string | undefined;
  /** `subject` or `clientId` of who did it. */
  readonly actor?: string | undefined;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** What the next page comes before; left out after the last one. */
  readonly next?: string;
}

/** Days that one page goes through, however empty they are. */
const MOST_DAYS = 31;
const DAY_MS = 86_400_000;

export class AuditLog {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @param before what the page comes before, as `next` of the one before */
  async page(query: AuditQuery, limit: number, before: string | undefined): Promise<AuditPage> {
    const end = before ?? query.to;
    if (query.resource !== undefined) {
      const page = await this.#query(
        { IndexName: RESOURCE_INDEX, partition: ["resource", query.resource] },
        query.from,
        end,
        limit,
      );
      return pageOf(page.entries, query, page.isOver ? undefined : page.last);
    }
    const entries: AuditEntry[] = [];
    const firstDay = dayOfEntry(query.from);
    let [day, reached] = [dayOfEntry(end), end];
    for (let days = 0; day >= firstDay; days += 1) {
      const wanted = limit - entries.length;
      if (wanted === 0 || days === MOST_DAYS) return pageOf(entries, query, reached);
      const page = await this.#query({ partition: ["day", day], ConsistentRead: true }, query.from, reached, wanted);
      entries.push(...page.entries);
      if (!page.isOver) return pageOf(entries, query, page.last);
      reached = `${day}T00:00:00.000Z`;
      day = dayOfEntry(new Date(Date.parse(reached) - DAY_MS).toISOString());
    }
    return pageOf(entries, query, undefined);
  }

  async #query(
    { partition: [name, value], ...more }: Partial<QueryCommandInput> & { readonly partition: [string, string] },
    from: string,
    end: string,
    limit: number,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly isOver: boolean; readonly last: string }> {
    if (from >= end) return { entries: [], isOver: true, last: end };
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        ...more,
        TableName: this.#table,
        // Both ends are included by `BETWEEN`: the one at the end is left out below.
        KeyConditionExpression: "#partition = :partition AND #entry BETWEEN :from AND :end",
        ExpressionAttributeNames: { "#partition": name, "#entry": "entry" },
        ExpressionAttributeValues: { ":partition": { S: value }, ":from": { S: from }, ":end": { S: end } },
        ScanIndexForward: false,
        Limit: limit + 1,
      }),
    );
    const found = Items.map(entryOfItem).filter(({ entryId }) => entryId < end);
    const entries = found.slice(0, limit);
    const isOver = LastEvaluatedKey === undefined && found.length <= limit;
    return { entries, isOver, last: entries.at(-1)?.entryId ?? end };
  }
}

function pageOf(entries: readonly AuditEntry[], { actor }: AuditQuery, next: string | undefined): AuditPage {
  const ofActor =
    actor === undefined
      ? entries
      : entries.filter((entry) => entry.actor.subject === actor || entry.actor.clientId === actor);
  return { entries: ofActor, ...(next !== undefined && { next }) };
}
