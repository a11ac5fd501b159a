/** AWS clients for the embedded servers: no retries that would hide a fault of this machine, no region or profile of the user's. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CREDENTIALS, REGION } from "./machine.ts";

export interface LocalClients {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  destroy(): void;
}

export function clientsFor(endpoints: {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
}): LocalClients {
  const shared = { region: REGION, credentials: CREDENTIALS };
  const clients = {
    dynamodb: new DynamoDBClient({ ...shared, endpoint: endpoints.dynamodb }),
    streams: new DynamoDBStreamsClient({ ...shared, endpoint: endpoints.dynamodb }),
    sqs: new SQSClient({ ...shared, endpoint: endpoints.sqs }),
    s3: new S3Client({ ...shared, endpoint: endpoints.s3, forcePathStyle: true }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
