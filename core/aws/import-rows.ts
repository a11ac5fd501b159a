/** Uploads and their jobs in the `Jobs` table: an upload becomes a job once, whoever comes twice with its file. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Job, JOB_ROW, jobRow, readJobRow } from "../jobs/job.ts";
import { readUploadRow, type Upload } from "../jobs/import/spec.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

/** As far as an import is; undefined where nobody asked for one. */
export type FoundImport = { readonly upload: Upload } | { readonly job: Job };

export async function readImport(
  client: Pick<DynamoDBClient, "send">,
  table: string,
  jobId: string,
): Promise<FoundImport | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { jobId: { S: jobId } }, ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  const row: AttributeMap = Item;
  const job = readJobRow(row);
  if (job !== undefined) return job.kind === "import" ? { job } : undefined;
  const upload = readUploadRow(row);
  return upload === undefined ? undefined : { upload };
}

/** @returns false where the upload is a job already */
export async function beginImport(client: Pick<DynamoDBClient, "send">, table: string, job: Job): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: jobRow(job) as Record<string, never>,
        ConditionExpression: "attribute_exists(jobId) AND attribute_not_exists(#state)",
        ExpressionAttributeNames: { "#state": JOB_ROW.state },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
