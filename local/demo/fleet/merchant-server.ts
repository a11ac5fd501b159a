/**
 * One merchant of the fleet: an HTTP server that verifies each delivery with the `standardwebhooks` package, answers as
 * its behaviour says and keeps the ledger. A delivery is in the ledger from the moment its body is complete; its place
 * in the order is that of its arrival. A response counts as given only if it was handed over whole while the caller's
 * socket was open.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { REDELIVERY_HEADER } from "../../../core/delivery/webhook.ts";
import type { Random } from "../seeded-random.ts";
import { acknowledge, acknowledgesAfterMs, isAcknowledging } from "./acknowledge.ts";
import { responseFor } from "./behaviour.ts";
import { carryOut, ENOUGH_BYTES, type FleetExchange } from "./carry-out.ts";
import type { Ledger } from "./ledger.ts";
import { UnannouncedCloses } from "./unannounced-closes.ts";
import type { FleetMerchant } from "./messages.ts";
import type { FleetResponse } from "./response.ts";

export interface MerchantServerOptions {
  readonly merchantId: string;
  /** Asked at each delivery: a merchant may change on the way. */
  readonly behaviour: () => FleetMerchant["behaviour"];
  /** Where redirects lead. */
  readonly elsewhere: readonly string[];
  readonly deadlineMs: number;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Numbers arrivals over the whole fleet. */
  readonly nextSequence: () => number;
  /** Where it acknowledges; undefined until it is known. */
  readonly acknowledgementUrl: () => string | undefined;
  /** The merchant's secret, `whsec_…`; undefined until it is known. */
  readonly secret: () => string | undefined;
  readonly certificate?: FleetMerchant["certificate"];
}

interface SignedData {
  readonly transactionId: string;
  readonly version: number;
  readonly merchantId?: string;
  readonly outcome?: string;
  readonly amount?: string;
  readonly currency?: string;
  /** Of a challenge alone. */
  readonly challenge?: string;
}

const UNAUTHORIZED = 401;

export function merchantServer(options: MerchantServerOptions): Server | TlsServer {
  const { certificate, behaviour } = options;
  const goneCallers = new WeakSet<Socket>();
  const closing = new UnannouncedCloses(options.random);
  const receiver = (request: IncomingMessage, response: ServerResponse): void => {
    if (behaviour() === "closing" && closing.closes(request, response)) return;
    receive(options, request, response, goneCallers).catch(() => request.socket.destroy());
  };
  const server = certificate === undefined ? createServer(receiver) : createTlsServer(certificate, receiver);
  server.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    const isGone = () => void goneCallers.add(socket);
    socket.on("end", isGone).on("close", isGone).on("error", isGone);
  });
  server.on("tlsClientError", () => undefined);
  server.keepAliveTimeout = 0;
  return server;
}

async function receive(
  options: MerchantServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  goneCallers: WeakSet<Socket>,
): Promise<void> {
  const { ledger, merchantId, behaviour, deadlineMs, random, elsewhere } = options;
  const sequence = options.nextSequence();
  const arrivedAtMs = Date.now();
  const body = await bodyOf(request);
  const webhookId = String(request.headers["webhook-id"] ?? "");
  const redelivery = request.headers[REDELIVERY_HEADER];
  const { verified, data } = verify(options.secret(), request, body);
  if (verified && data?.challenge !== undefined)
    return respondToChallenge(response, options.secret() ?? "", data.challenge);

  const deliveriesBefore = ledger.deliveriesOf(webhookId);
  ledger.arrived({
    sequence,
    merchantId,
    webhookId,
    transactionId: String(data?.transactionId),
    version: Number(data?.version),
    verified,
    arrivedAtMs,
    ...(isAcknowledging(behaviour()) && { isAcknowledging: true }),
    ...(data !== undefined && { content: contentOf(data) }),
    ...(typeof redelivery === "string" && { redelivery }),
  });
  const isGone = () => response.destroyed || goneCallers.has(request.socket);
  const exchange: FleetExchange = { response, isGone, pouredBytes: 0 };
  response.on("close", () => {
    if (exchange.pouredBytes > ENOUGH_BYTES) ledger.answered(sequence, response.statusCode, Date.now());
    ledger.abandoned(sequence);
  });
  response.on("finish", () => {
    if (!isGone()) ledger.answered(sequence, response.statusCode, Date.now());
  });
  const answer: FleetResponse = verified
    ? responseFor({ behaviour: behaviour(), deliveriesBefore, deadlineMs, random, elsewhere })
    : { kind: "answer", status: UNAUTHORIZED, afterMs: 0 };
  await carryOut(answer, exchange);
  if (verified && data !== undefined) void acknowledgeLater(options, webhookId, data, deliveriesBefore);
}

async function acknowledgeLater(
  { behaviour, random, ledger, merchantId, ...options }: MerchantServerOptions,
  id: string,
  { transactionId, version }: SignedData,
  deliveriesBefore: number,
): Promise<void> {
  const [url, secret] = [options.acknowledgementUrl(), options.secret()];
  if (url === undefined || secret === undefined || !isAcknowledging(behaviour())) return;
  const afterMs = acknowledgesAfterMs(behaviour(), deliveriesBefore, random());
  if (afterMs === undefined) return;
  await sleep(afterMs);
  const takenAtMs = await acknowledge(url, { id, merchantId, transactionId, version, secret });
  if (takenAtMs !== undefined) ledger.acknowledged(id, takenAtMs);
}

/** No delivery, and in no ledger: whoever knows the secret has this address. */
function respondToChallenge(response: ServerResponse, secret: string, challenge: string): void {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ challenge: createHmac("sha256", key).update(challenge).digest("base64") }));
}

/** @param told members of a row or of a webhook; `merchantId` and the three that a merchant books by */
export function contentOf({ merchantId, outcome, amount, currency }: Partial<SignedData>): string {
  return JSON.stringify([merchantId, outcome, amount, currency]);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** @returns `data` even of a forged delivery, for the books */
function verify(
  secret: string | undefined,
  request: IncomingMessage,
  body: string,
): { verified: boolean; data?: SignedData | undefined } {
  const data = dataOf(body);
  if (secret === undefined) return { verified: false, data };
  try {
    new Webhook(secret).verify(body, request.headers as Record<string, string>, { jsonParse: false });
    return { verified: data !== undefined, data };
  } catch {
    return { verified: false, data };
  }
}

function dataOf(body: string): SignedData | undefined {
  try {
    return (JSON.parse(body) as { data?: SignedData }).data;
  } catch {
    return undefined;
  }
}
