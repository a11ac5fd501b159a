/**
 * Puts a whole row of the Transactions table, on the condition that the row is as it was read: in each attribute that
 * the pipeline writes, and in what a merchant gets. What else a producer wrote meanwhile is nothing that counts.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { errorLine } from "../errors/error-fields.ts";
import { CONTENT_FIELDS } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { ATTRIBUTE_NAMES } from "../transaction/row/attributes.ts";
import { ERASED_AT, ERASED_VERSION } from "../transaction/row/erased.ts";
import type { WriteResult } from "./transactions-table.ts";

const CONTENT = ["version", ...CONTENT_FIELDS, "payload"] as const;
const COMPARED: readonly string[] = [...CONTENT, ERASED_AT, ERASED_VERSION, ...ATTRIBUTE_NAMES];

/** @param seen the row as it was read; undefined where there was none */
export async function putRow(
  client: DynamoDBClient,
  table: string,
  row: AttributeMap,
  seen: AttributeMap | undefined,
): Promise<WriteResult> {
  try {
    await client.send(new PutItemCommand({ TableName: table, Item: row as never, ...conditionFor(seen) }));
    return { kind: "written" };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { kind: "condition failed" };
    const isRefusal = error instanceof Error && error.name === "ValidationException";
    return { kind: isRefusal ? "rejected" : "unavailable", error: errorLine(error) };
  }
}

type Condition = Pick<
  PutItemCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

function conditionFor(seen: AttributeMap | undefined): Condition {
  if (seen === undefined) return { ConditionExpression: "attribute_not_exists(transactionId)" };
  const clauses = ["attribute_exists(transactionId)"];
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [index, name] of COMPARED.entries()) {
    names[`#n${index}`] = name;
    const value = seen[name];
    if (value === undefined) clauses.push(`attribute_not_exists(#n${index})`);
    else {
      clauses.push(`#n${index} = :v${index}`);
      values[`:v${index}`] = value;
    }
  }
  return {
    ConditionExpression: clauses.join(" AND "),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as never }),
  };
}
