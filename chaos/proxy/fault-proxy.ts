/**
 * Stands in front of an embedded server as AWS would stand there: hands every call on, unless a fault says otherwise. It has an address
 * of its own on loopback, which the programs are given by AWS's standard variables; what the suite itself does goes past it.
 */
import { once } from "node:events";
import { Agent, createServer, request as call, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsCall, AwsError, Interference, Json } from "./interference.ts";

export interface ProxyOptions {
  /** Where the server listens, `http://127.0.0.1:<port>`. */
  readonly target: string;
  /** What becomes of a call; undefined: it is handed on. */
  readonly interfere: (call: AwsCall) => Interference | undefined;
  /** Reads and may change what is handed on, whatever the faults: how the server itself differs from AWS. */
  readonly request?: (call: AwsCall) => Json;
  /** Sees every answer of the server, also one that is lost then. */
  readonly answer?: (call: AwsCall, answer: Json) => Json;
}

export interface FaultProxy {
  readonly address: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const LOOPBACK = "127.0.0.1";
const CONTENT_TYPE = "application/x-amz-json-1.0";
const OK = 200;

export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    handle(request, response, options, agent).catch(() => response.socket?.destroy());
  });
  server.keepAliveTimeout = 0;
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, "close");
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ProxyOptions,
  agent: Agent,
): Promise<void> {
  const target = String(request.headers["x-amz-target"] ?? "");
  const original = JSON.parse((await read(request)).toString() || "{}") as Json;
  const made = { operation: target.slice(target.indexOf(".") + 1), body: original };
  const body = options.request?.(made) ?? original;
  const aws = { ...made, body };
  const interference = options.interfere(aws);
  if (interference?.kind === "reset") return void response.socket?.resetAndDestroy();
  if (interference?.kind === "refuse") return refuse(response, interference.error);

  if (interference?.kind === "hold") {
    await sleep(interference.forMs);
    if (response.destroyed) return;
  }

  const isInPart = interference?.kind === "in part";
  const sent = isInPart ? interference.request : body;
  const { status, body: given } =
    sent === undefined ? { status: OK, body: Buffer.from("{}") } : await forward(request, sent, options.target, agent);
  const isToBeRead = status === OK && (isInPart || options.answer !== undefined);
  const carriedOut = isToBeRead ? (JSON.parse(given.toString() || "{}") as Json) : {};
  if (isInPart && interference.afterMs !== undefined) await sleep(interference.afterMs);
  const seen = (isToBeRead ? options.answer?.(aws, carriedOut) : undefined) ?? carriedOut;
  if (interference?.kind === "lose the answer") return void response.socket?.resetAndDestroy();
  if (!isToBeRead) return send(response, { status, body: given });
  return send(response, { status, body: Buffer.from(JSON.stringify(isInPart ? interference.answer(seen) : seen)) });
}

async function forward(request: IncomingMessage, body: Json, target: string, agent: Agent): Promise<Answer> {
  const text = Buffer.from(JSON.stringify(body));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { connection: _, "transfer-encoding": __, ...headers } = request.headers;
  call(
    `${target}${request.url ?? "/"}`,
    { method: request.method, agent, headers: { ...headers, "content-length": text.length } },
    resolve,
  )
    .on("error", reject)
    .end(text);
  const answer = await promise;
  return { status: answer.statusCode ?? 0, body: await read(answer) };
}

function refuse(response: ServerResponse, { status, code, message }: AwsError): void {
  send(response, { status, body: Buffer.from(JSON.stringify({ __type: code, message })) });
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": CONTENT_TYPE, "content-length": body.length }).end(body);
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
