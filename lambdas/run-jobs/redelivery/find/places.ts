/** What an index is gone through by, and how parts divide what there is among them. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TransactionsTable } from "../../../../core/aws/transactions-table.ts";

export interface FindOptions {
  readonly client: DynamoDBClient;
  readonly table: Pick<TransactionsTable, "name" | "read">;
  readonly merchantsTable: string;
  readonly merchantShards: number;
  readonly settledDays: number;
}

/** A page of ids out of an index, which may be any. */
export interface IdPage<Place> {
  readonly transactionIds: readonly string[];
  /** Where to go on; missing at the end. */
  readonly next?: Place;
}

/** Goes through an index from place to place. */
export interface Places<Place> {
  first(): Promise<Place | undefined>;
  /** @param limit most ids */
  page(place: Place, limit: number): Promise<IdPage<Place>>;
}

/** Of those that all parts have, the ones of this part. */
export function sharesOf(part: number, parts: number, all: number): number[] {
  return Array.from({ length: all }, (_, index) => index).filter((index) => index % parts === part);
}
