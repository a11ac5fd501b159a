/**
 * The small AWS services around the stack: Secrets Manager for the master keys, KMS for merchants' own secrets,
 * CloudWatch for the age of a queue's oldest message, and Lambda for whoever invokes a function by hand. All speak
 * JSON; anything else is refused by name.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { LOOPBACK } from "../machine.ts";
import { portError } from "../processes/ports.ts";
import { respondAsKms, type KmsKey } from "./kms.ts";
import { respondWithMetricData, type QueueAge } from "./metric-data.ts";
import type { Secrets } from "./secrets.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

export interface ControlServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface ControlOptions {
  readonly port: number;
  /** Asked at each call: secrets are made after the server listens. */
  readonly secrets: () => Secrets;
  readonly kmsKeys: () => readonly KmsKey[];
  readonly queueAge: QueueAge;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
}

interface ControlResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What KMS calls itself in `x-amz-target`. */
const KMS_TARGET = "TrentService.";
/** `POST /2015-03-31/functions/<name>/invocations`, Lambda's Invoke. */
const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void respondTo(request, options).then(
      (answer) => send(response, answer),
      (error: unknown) =>
        send(response, { status: 500, body: { __type: "InternalFailure", message: errorLine(error) } }),
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) =>
    reject(portError(cause, options.port, "CloudWatch, KMS and Secrets Manager", "--port-control")),
  );
  server.listen({ port: options.port, host: LOOPBACK }, resolve);
  await promise;
  const address = server.address();
  return {
    endpoint: `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : options.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function respondTo(
  request: IncomingMessage,
  { secrets, kmsKeys, queueAge, invoke }: ControlOptions,
): Promise<ControlResponse> {
  const target = String(request.headers["x-amz-target"] ?? "");
  const operation = target.slice(target.indexOf(".") + 1);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, unknown>;
  const invoked = INVOKE_PATH.exec(request.url ?? "")?.[1];
  if (invoked !== undefined) return invocation(decodeURIComponent(invoked), body, invoke);
  if (operation === "GetSecretValue") return secretValue(String(body["SecretId"]), secrets());
  if (operation === "GetMetricData") return { status: 200, body: await respondWithMetricData(body, queueAge) };
  const ofKms = target.startsWith(KMS_TARGET) ? respondAsKms(operation, body, kmsKeys()) : undefined;
  if (ofKms !== undefined) return ofKms;
  return {
    status: 400,
    body: {
      __type: "UnknownOperationException",
      message: `${target || "No operation"} is not answered on this machine.`,
    },
  };
}

function secretValue(secretId: string, secrets: Secrets): ControlResponse {
  const found = Object.entries(secrets).find(([arn]) => arn === secretId || arn.endsWith(`:secret:${secretId}`));
  if (found === undefined)
    return {
      status: 400,
      body: {
        __type: "ResourceNotFoundException",
        message: `Secrets Manager can't find the specified secret ${secretId}.`,
      },
    };
  const [arn, text] = found;
  return {
    status: 200,
    body: {
      ARN: arn,
      Name: arn.slice(arn.lastIndexOf(":") + 1),
      SecretString: text,
      VersionId: "local",
      VersionStages: ["AWSCURRENT"],
    },
  };
}

async function invocation(
  functionName: string,
  event: unknown,
  invoke: ControlOptions["invoke"],
): Promise<ControlResponse> {
  try {
    return { status: 200, body: await invoke(functionName, event) };
  } catch (error) {
    const [errorType, errorMessage] =
      error instanceof Error ? [error.name, error.message] : ["Error", errorLine(error)];
    return { status: 200, body: { errorType, errorMessage }, headers: { "x-amz-function-error": "Unhandled" } };
  }
}

function send(response: ServerResponse, { status, body, headers }: ControlResponse): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...headers }).end(JSON.stringify(body));
}
