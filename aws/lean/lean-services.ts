/** Lean calls for the services that every confirmation needs, made from the SDK's clients of them. */
import { type DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { endpointOf } from "./endpoint-of.ts";
import { LeanService, type LeanServiceOptions } from "./lean-call.ts";

type Shared = Pick<LeanServiceOptions, "fellBack" | "now">;

export function leanDynamodb(client: DynamoDBClient, shared: Shared): LeanService {
  const endpoint = () => {
    const command = new ListTablesCommand({});
    return endpointOf(command, () => client.send(command));
  };
  return new LeanService({ ...shared, service: "dynamodb", client, endpoint });
}

/** @param queueUrl any queue of the account and region: the SDK sends to the host of its URL */
export function leanSqs(client: SQSClient, queueUrl: string, shared: Shared): LeanService {
  const endpoint = () => {
    const command = new ReceiveMessageCommand({ QueueUrl: queueUrl });
    return endpointOf(command, () => client.send(command));
  };
  return new LeanService({ ...shared, service: "sqs", client, endpoint });
}
