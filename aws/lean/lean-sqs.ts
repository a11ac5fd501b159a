/** Lean calls of SQS, made from the SDK's client of it. */
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { endpointOf } from "./endpoint-of.ts";
import { LeanService, type LeanServiceOptions } from "./lean-call.ts";

/** @param queueUrl any queue of the account and region: the SDK sends to the host of its URL */
export function leanSqs(
  client: SQSClient,
  queueUrl: string,
  shared: Pick<LeanServiceOptions, "fellBack" | "now" | "limits">,
): LeanService {
  const endpoint = () => {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [] });
    return endpointOf(command, () => client.send(command));
  };
  return new LeanService({ ...shared, service: "sqs", client, endpoint });
}
