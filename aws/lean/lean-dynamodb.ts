/** Lean calls of DynamoDB, made from the SDK's client of it. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { endpointOf } from "./endpoint-of.ts";
import { LeanService, type LeanServiceOptions } from "./lean-call.ts";

export function leanDynamodb(
  client: DynamoDBClient,
  shared: Pick<LeanServiceOptions, "fellBack" | "now" | "limits">,
): LeanService {
  const endpoint = () => {
    const command = new BatchGetItemCommand({ RequestItems: {} });
    return endpointOf(command, () => client.send(command));
  };
  return new LeanService({ ...shared, service: "dynamodb", client, endpoint });
}
