/**
 * Calls of the embedded servers with as little as possible around them: JSON posted on kept-alive connections, and no
 * signature, as neither of them looks at one. What an SDK would cost on the same two cores is no part of what the
 * servers can take.
 */
import { Pool } from "undici";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";

export interface PlainAws {
  readonly dynamodb: PlainCall;
  readonly streams: PlainCall;
  readonly sqs: PlainCall;
  close(): Promise<void>;
}

/** @throws Error with the response when it is no 200 */
export type PlainCall = <Output>(operation: string, input: object) => Promise<Output>;

const CONNECTIONS = 32;
/** Any will do: nobody checks it. */
const DATE_OF_SCOPE = "20261122";

/** @param endpoints `http://127.0.0.1:<port>` */
export function plainAws(endpoints: { readonly dynamodb: string; readonly sqs: string }): PlainAws {
  const pools = {
    dynamodb: new Pool(endpoints.dynamodb, { connections: CONNECTIONS }),
    sqs: new Pool(endpoints.sqs, { connections: CONNECTIONS }),
  };
  return {
    dynamodb: caller(pools.dynamodb, "dynamodb", "DynamoDB_20120810"),
    streams: caller(pools.dynamodb, "dynamodb", "DynamoDBStreams_20120810"),
    sqs: caller(pools.sqs, "sqs", "AmazonSQS"),
    close: async () => void (await Promise.all(Object.values(pools).map((pool) => pool.close()))),
  };
}

function caller(pool: Pool, service: string, target: string): PlainCall {
  const scope = `${CREDENTIALS.accessKeyId}/${DATE_OF_SCOPE}/${REGION}/${service}/aws4_request`;
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
  };
  return async <Output>(operation: string, input: object): Promise<Output> => {
    const response = await pool.request({
      path: "/",
      method: "POST",
      headers: { ...headers, "x-amz-target": `${target}.${operation}` },
      body: JSON.stringify(input),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200)
      throw new Error(`${target}.${operation} was answered with ${response.statusCode}: ${text}`);
    return JSON.parse(text === "" ? "{}" : text) as Output;
  };
}
