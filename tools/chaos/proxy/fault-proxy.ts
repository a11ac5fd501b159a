/**
 * Stands in front of an embedded server as AWS would stand there: hands every call on, unless a fault says otherwise.
 * It has an address of its own on loopback, which the programs are given by AWS's standard variables; what the suite
 * itself does goes past it. Calls that are no JSON, S3's, go through as they are.
 */
import { once } from "node:events";
import { Agent, createServer, request as call, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { ServerResponse } from "node:http";
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
  /** Sees every response of the server, also one that is lost then. */
  readonly answer?: (call: AwsCall, response: Json) => Json;
  /** Is told of every call: of its beginning at once, and of its end by what it returns. */
  readonly watch?: (call: AwsCall) => ((end: CallEnd) => void) | undefined;
}

/** How a call ended, once nothing more comes of it. */
export interface CallEnd {
  /** Epoch milliseconds when the server had carried it out; undefined where it did not, or refused it. */
  readonly carriedOutAtMs?: number;
  /** The whole response was handed over while its caller was there. */
  readonly isTold: boolean;
}

export interface FaultProxy {
  readonly address: string;
  /**
   * Nothing listens at its port until `open`, and what was connected is cut off. @returns how many connections that
   * were
   */
  close(): Promise<number>;
  open(): Promise<void>;
  stop(): Promise<void>;
}

interface ProxyResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const LOOPBACK = "127.0.0.1";
const CONTENT_TYPE = "application/x-amz-json-1.0";
const XML = "application/xml";
const OK = 200;
/** Of one hop, or told anew by this one. */
const NOT_HANDED_ON = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);

export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    handle(request, response, options, agent).catch(() => response.socket?.destroy());
  });
  server.keepAliveTimeout = 0;
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    socket.once("close", () => (connections -= 1));
  });
  const listen = async (port: number) => {
    server.listen(port, LOOPBACK);
    await once(server, "listening");
  };
  const close = async () => {
    const cut = connections;
    if (!server.listening) return 0;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    return cut;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${LOOPBACK}:${port}`,
    close,
    async open() {
      if (!server.listening) await listen(port);
    },
    async stop() {
      await close();
      agent.destroy();
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ProxyOptions,
  agent: Agent,
): Promise<void> {
  const raw = await read(request);
  const target = request.headers["x-amz-target"];
  const original = target === undefined ? undefined : (JSON.parse(raw.toString() || "{}") as Json);
  const made = {
    operation: target === undefined ? `${request.method} ${request.url}` : nameOf(String(target)),
    body: original ?? {},
    ...(original === undefined && { text: raw.toString() }),
  };
  const body = options.request?.(made) ?? made.body;
  const aws = { ...made, body };
  const ended = options.watch?.(aws);
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  if (response.closed) close();
  else response.once("close", close);
  const end: { carriedOutAtMs?: number } = {};
  try {
    await carryOut({ request, response, options, agent, raw, original, body, aws, end });
  } finally {
    void closed.then(() => ended?.({ ...end, isTold: response.writableFinished }));
  }
}

interface Handled {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: ProxyOptions;
  readonly agent: Agent;
  readonly raw: Buffer;
  /** Undefined of a call that is no JSON of AWS's own. */
  readonly original: Json | undefined;
  /** To be handed on. */
  readonly body: Json;
  readonly aws: AwsCall;
  /** Gets when it was carried out. */
  readonly end: { carriedOutAtMs?: number };
}

async function carryOut({ request, response, options, agent, raw, original, body, aws, end }: Handled): Promise<void> {
  const interference = options.interfere(aws);
  if (interference?.kind === "silence") return;
  if (interference?.kind === "reset") return void response.socket?.resetAndDestroy();
  if (interference?.kind === "refuse") return send(response, refusal(interference.error, isJsonCall(request)));

  if (interference?.kind === "end the caller" && interference.at === "before") {
    await interference.end();
    return void response.socket?.destroy();
  }

  if (interference?.kind === "hold") {
    await sleep(interference.forMs);
    if (response.destroyed) return;
  }

  const isInPart = interference?.kind === "in part";
  const wanted = isInPart ? interference.request : body;
  const sent = original === undefined ? raw : wanted === undefined ? undefined : Buffer.from(JSON.stringify(wanted));
  const given = sent === undefined ? json(OK, Buffer.from("{}")) : await forward(request, sent, options.target, agent);
  if (sent !== undefined && given.status === OK) end.carriedOutAtMs = Date.now();
  const isToBeRead = original !== undefined && given.status === OK && (isInPart || options.answer !== undefined);
  const carriedOut = isToBeRead ? (JSON.parse(given.body.toString() || "{}") as Json) : {};
  if (isInPart && interference.afterMs !== undefined) await sleep(interference.afterMs);
  const seen = (isToBeRead ? options.answer?.(aws, carriedOut) : undefined) ?? carriedOut;
  if (interference?.kind === "end the caller") {
    await interference.end();
    return void response.socket?.destroy();
  }
  if (interference?.kind === "lose the answer") return void response.socket?.resetAndDestroy();
  const reported = isInPart ? interference.answer(seen) : seen;
  const answer = isToBeRead ? json(OK, Buffer.from(JSON.stringify(reported))) : given;
  if (interference?.kind === "answer late") await sleep(interference.afterMs);
  return interference?.kind === "drip" ? drip(response, answer, interference.everyMs) : send(response, answer);
}

/** S3 and the query protocol of SNS have XML. */
function isJsonCall({ headers }: IncomingMessage): boolean {
  return headers["x-amz-target"] !== undefined || headers["content-type"]?.includes("json") === true;
}

function nameOf(target: string): string {
  return target.slice(target.indexOf(".") + 1);
}

async function forward(request: IncomingMessage, body: Buffer, target: string, agent: Agent): Promise<ProxyResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { connection: _, "transfer-encoding": __, expect: ___, ...headers } = request.headers;
  call(
    `${target}${request.url ?? "/"}`,
    { method: request.method, agent, headers: { ...headers, "content-length": body.length } },
    resolve,
  )
    .on("error", reject)
    .end(body);
  const response = await promise;
  const isJson = request.headers["x-amz-target"] !== undefined;
  const status = response.statusCode ?? 0;
  const given = await read(response);
  return isJson ? json(status, given) : { status, headers: handedOn(response.headers), body: given };
}

function handedOn(headers: IncomingHttpHeaders): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || NOT_HANDED_ON.has(name) ? [] : [[name, value]],
    ),
  );
}

function json(status: number, body: Buffer): ProxyResponse {
  return { status, headers: { "content-type": CONTENT_TYPE }, body };
}

function refusal({ status, code, message }: AwsError, isJson: boolean): ProxyResponse {
  if (isJson) return json(status, Buffer.from(JSON.stringify({ __type: code, message })));
  const body = Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  return { status, headers: { "content-type": XML }, body };
}

function begin(response: ServerResponse, { status, headers, body }: ProxyResponse): void {
  response.writeHead(status, { ...headers, "content-length": body.length } as Record<string, string | number>);
}

function send(response: ServerResponse, answer: ProxyResponse): void {
  begin(response, answer);
  response.end(response.req.method === "HEAD" ? undefined : answer.body);
}

/** Whoever reads it sees that something comes, and may wait for minutes. */
async function drip(response: ServerResponse, answer: ProxyResponse, everyMs: number): Promise<void> {
  begin(response, answer);
  for (const byte of answer.body) {
    if (response.destroyed) return;
    response.write(Buffer.from([byte]));
    await sleep(everyMs);
  }
  response.end();
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
