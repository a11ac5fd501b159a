/**
 * AWS clients for the embedded servers: no retries that would hide a fault of this machine, no region or profile of the
 * user's.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { LOCAL_LIMITS, WORKER_LIMITS } from "../core/aws/call-limits.ts";
import { CREDENTIALS, REGION } from "./machine.ts";

export interface LocalClients {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly sqs: SQSClient;
  /** By the way that the worker has, with bounds like its. */
  readonly sqsOfWorker: SQSClient;
  readonly sns: SNSClient;
  readonly s3: S3Client;
  destroy(): void;
}

export function clientsFor(
  endpoints: {
    readonly dynamodb: string;
    readonly sqs: string;
    readonly sqsOfWorker: string;
    readonly s3: string;
  },
  credentials = CREDENTIALS,
): LocalClients {
  const shared = { region: REGION, credentials };
  const clients = {
    dynamodb: boundedClient(DynamoDBClient, LOCAL_LIMITS, { ...shared, endpoint: endpoints.dynamodb }),
    streams: boundedClient(DynamoDBStreamsClient, LOCAL_LIMITS, { ...shared, endpoint: endpoints.dynamodb }),
    sqs: boundedClient(SQSClient, LOCAL_LIMITS, { ...shared, endpoint: endpoints.sqs }),
    sqsOfWorker: boundedClient(SQSClient, WORKER_LIMITS, { ...shared, endpoint: endpoints.sqsOfWorker }),
    // The server of SQS has topics, too.
    sns: boundedClient(SNSClient, LOCAL_LIMITS, { ...shared, endpoint: endpoints.sqs }),
    s3: boundedClient(S3Client, LOCAL_LIMITS, { ...shared, endpoint: endpoints.s3, forcePathStyle: true }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
