/** Templates out of the Merchants table, kept once for all senders of a program. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../aws/bounded-client.ts";
import { MerchantsTable } from "../../aws/merchants-table.ts";
import type { SenderParts } from "../sender-parts.ts";
import { Templates } from "./templates.ts";

const kept = new WeakMap<SenderParts["channels"], Templates>();

export function storedTemplates({
  channels,
  limits,
  merchantsTable,
  now,
}: Pick<SenderParts, "channels" | "limits" | "merchantsTable" | "now">): Templates {
  const known = kept.get(channels);
  if (known !== undefined) return known;
  const table = new MerchantsTable(boundedClient(DynamoDBClient, limits), merchantsTable);
  const read = async (id: string) => {
    const { rows, unread } = await table.read([id]);
    if (unread.has(id)) throw new Error("the table is throttled");
    return rows.get(id);
  };
  const made = new Templates({ read, now });
  kept.set(channels, made);
  return made;
}
