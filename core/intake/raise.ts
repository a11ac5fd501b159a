/**
 * A new outcome: the version is raised, on the condition that the row still has the one that the caller saw. Sent
 * again, it finds its own result. What the pipeline keeps of older versions stays where it is and counts no more, as
 * states belong to versions.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../settings/row-key-settings.ts";
import { type AttributeMap, type AttributeValue } from "../transaction/attribute-value.ts";
import { ATTRIBUTES, TERMINAL_ONLY } from "../transaction/row/attributes.ts";
import { ERASED_AT, ERASED_VERSION } from "../transaction/row/erased.ts";
import { highestVersionOf } from "../transaction/row/row-state.ts";
import { versionOf } from "../transaction/transaction.ts";
import { OPTIONAL_ATTRIBUTES } from "./content-row.ts";
import { contentDigest } from "./intake-record.ts";
import { rowKeys } from "./row-keys.ts";

export type RaiseResult =
  /** @param row as it is now. @param isRepeat nothing was written: the result of an earlier one stands */
  | { readonly kind: "raised"; readonly version: number; readonly row: AttributeMap; readonly isRepeat: boolean }
  /** The row has another version than the caller saw. */
  | { readonly kind: "version conflict"; readonly version: number | undefined }
  /** What the table cannot hold, though every check took it, such as a row that is too large. */
  | { readonly kind: "rejected"; readonly reason: string };

export interface RaiseOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly rowKeys: RowKeySettings;
  readonly nowMs: () => number;
}

/** What a row has of a version that is over, beside its keys. */
const LEFT_OVER = [
  ...TERMINAL_ONLY,
  ATTRIBUTES.unheardReleases,
  ATTRIBUTES.sampledTrace,
  ATTRIBUTES.redelivery,
  ATTRIBUTES.steps,
  ERASED_AT,
  ERASED_VERSION,
];

/** What became of a raise that was asked for earlier, if it stands: the version after the one that was seen. */
export function raisedBefore(row: AttributeMap, seenVersion: number, content: AttributeMap): RaiseResult | undefined {
  const version = versionOf(row);
  const isSame = contentDigest(row) === contentDigest(content);
  if (version === undefined || !isSame || (version !== seenVersion && version !== seenVersion + 1)) return undefined;
  return { kind: "raised", version, row, isRepeat: true };
}

/** @param row as it was read. @param content the producer's attributes of the new version, checked */
export async function raise(
  row: AttributeMap,
  seenVersion: number,
  content: AttributeMap,
  options: RaiseOptions,
): Promise<RaiseResult> {
  const before = raisedBefore(row, seenVersion, content);
  if (before !== undefined) return before;
  if (versionOf(row) !== seenVersion) return { kind: "version conflict", version: versionOf(row) };
  const transactionId = row["transactionId"]?.S ?? "";
  const version = highestVersionOf(row) + 1;
  const keys = rowKeys(transactionId, content, options.rowKeys, options.nowMs());
  const set: Record<string, AttributeValue> = { ...content, ...keys, version: { N: String(version) } };
  const gone = [...OPTIONAL_ATTRIBUTES.filter((name) => content[name] === undefined), ...LEFT_OVER];
  const names = [...Object.keys(set), ...gone];
  const nameOf = (name: string) => `#${names.indexOf(name)}`;
  const assignments = Object.keys(set).map((name) => `${nameOf(name)} = :${names.indexOf(name)}`);
  try {
    const { Attributes } = await options.client.send(
      new UpdateItemCommand({
        TableName: options.table,
        Key: { transactionId: { S: transactionId } },
        UpdateExpression: `SET ${assignments.join(", ")} REMOVE ${gone.map(nameOf).join(", ")}`,
        ConditionExpression: `${nameOf("version")} = :seen`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(Object.keys(set).map((name) => [`:${names.indexOf(name)}`, set[name] as never])),
          ":seen": { N: String(seenVersion) },
        },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return { kind: "raised", version, row: Attributes ?? {}, isRepeat: false };
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationException")
      return { kind: "rejected", reason: error.message };
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const now: AttributeMap = error.Item ?? {};
    return raisedBefore(now, seenVersion, content) ?? { kind: "version conflict", version: versionOf(now) };
  }
}
