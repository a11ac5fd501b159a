/**
 * Everything around the process that is measured, as one process on a core of its own: 64 merchants' servers, and for
 * each variant a canned SQS and DynamoDB. Ends with the channel to whoever started it.
 */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { Webhook } from "standardwebhooks";
import { deriveKey, parseMasterKeys, secretText } from "../../../../core/signing/signature.ts";
import { MASTER_KEYS, SALT } from "../master-keys.ts";
import { cannedAws } from "./canned-aws.ts";
import { headersOf, httpServer } from "./http-responses.ts";
import { Lane } from "./lane.ts";
import { LaneTimes } from "./lane-times.ts";
import type { FromWorld, LaneReport, ToWorld } from "./messages.ts";
import { errorLine } from "../../../../core/errors/error-fields.ts";

const ORIGINS = 64;
/** One webhook in so many is verified, so that what is measured is known to be right. */
const VERIFIED_EVERY = 500;
const LOOPBACK = "127.0.0.1";

interface Entry {
  readonly slot: Lane;
  readonly aws: string;
  unverified: number;
}

const entries = new Map<string, Entry>();
const masterKeys = parseMasterKeys(MASTER_KEYS);
const origins = await Promise.all(Array.from({ length: ORIGINS }, () => listen(httpServer(merchant))));

process.on("message", (message: ToWorld) => {
  carryOut(message).then(
    (report) => respond({ id: message.id, report }),
    (error: unknown) => respond({ id: message.id, error: errorLine(error) }),
  );
});
process.on("disconnect", () => process.exit());
respond({ id: 0 });

async function carryOut(message: ToWorld): Promise<LaneReport> {
  if (message.kind === "add lane") {
    const { ownOrigins = false, ...options } = message.lane;
    const slot = new Lane({ ...options, origins: ownOrigins ? await closingPools(options.merchants) : origins });
    entries.set(slot.options.name, { slot, aws: await listen(cannedAws(slot)), unverified: 0 });
    return { ...reportOf(slot.options.name), origins: slot.options.origins };
  }
  const { slot } = entryOf(message.lane);
  if (message.kind === "open") slot.open(message.ratePerSecond, message.merchantMs ?? 0);
  if (message.kind === "close") slot.isOpen = false;
  if (message.kind === "forget times") slot.times = new LaneTimes();
  return reportOf(message.lane);
}

/** Answers each webhook with 200; the lane is the first step of its path. */
function merchant({ head, body }: { readonly head: string; readonly body: Buffer }, done: () => void): void {
  const name = head.slice(head.indexOf("/") + 1, head.indexOf("/", head.indexOf("/") + 1));
  const entry = entryOf(name);
  const { slot } = entry;
  const transactionId = transactionIn(body);
  slot.called();
  const finish = () => {
    slot.answered(transactionId);
    done();
  };
  if (slot.counts.answered % VERIFIED_EVERY === 0 && slot.options.isSigned !== false && !isRight(head, body))
    entry.unverified += 1;
  if (slot.merchantMs === 0) finish();
  else setTimeout(finish, slot.merchantMs);
}

function transactionIn(body: Buffer): string {
  const mark = '"transactionId":"';
  const at = body.indexOf(mark) + mark.length;
  return body.toString("latin1", at, at + 36);
}

/** By the reference library of Standard Webhooks, with the secret that the merchant has been given. */
function isRight(head: string, body: Buffer): boolean {
  const text = body.toString();
  const { merchantId } = (JSON.parse(text) as { data: { merchantId: string } }).data;
  const secret = deriveKey(masterKeys, "v1", {
    merchantId,
    secretKeyVersion: "1",
    secretSalt: SALT,
  });
  try {
    new Webhook(secretText(secret)).verify(text, headersOf(head));
    return true;
  } catch {
    return false;
  }
}

function entryOf(name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`no lane ${name}, got ${[...entries.keys()].join(", ")}`);
  return entry;
}

function reportOf(name: string): LaneReport {
  const { slot, aws, unverified } = entryOf(name);
  return {
    aws,
    origins: [],
    counts: { ...slot.counts },
    flushMs: slot.times.flushMs,
    handlingMs: slot.times.handlingMs,
    unverified,
    mostInFlight: slot.mostInFlight,
  };
}

/** Merchants that never take a second call on a connection. */
function closingPools(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => listen(httpServer(merchant, "closes"))));
}

async function listen(server: Server): Promise<string> {
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}

function respond(message: FromWorld): void {
  process.send?.(message);
}
