/**
 * What travels through the queues: ids only, no payment data. Every message carries its schema version, so that old and
 * new programs run side by side during a deploy. The deduplication id covers the release, as SQS swallows a re-send of
 * the same id for five minutes (SQS Developer Guide, "Exactly-once processing"); it covers the mark of a dead letter
 * too, which else could not be put back within five minutes of its message, and the generation of a redelivery.
 */
import { hash } from "node:crypto";
import type { Failure } from "./failure.ts";
import { quoted } from "./json-text.ts";

/** The newest that this program reads. */
export const MESSAGE_SCHEMA = 2;
/** Of nearly all: programs from before there were channels read it. */
export const PLAIN_SCHEMA = 1;
/** DynamoDB refuses a whole batch of reads for one key over this. */
const MAX_KEY_BYTES = 2048;
/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_A_UNIT = 3;

export interface ConfirmationMessage {
  readonly transactionId: string;
  readonly version: number;
  /** The row's `releaseNumber` when the message was sent; accepted only while it still is. */
  readonly release: number;
  /** X-Ray trace header; in the body as well, for stores that drop the `AWSTraceHeader` attribute. */
  readonly trace?: string;
  /**
   * Epoch milliseconds at which the version was written, for measuring; a program before this one neither sends nor
   * misses it.
   */
  readonly committedAt?: number;
  /** Set on dead letters. Only such a message re-opens a row that has failed. */
  readonly deadLettered?: true;
  /** Of a message by which a job sends a transaction again; a program before that does not see it. */
  readonly redelivery?: RedeliveryId;
  /** Its row has steps: a program that knows none would call its webhook, and leaves it for one that does. */
  readonly hasSteps?: true;
}

/** Which sending of which job: of two messages with the same one, one has an effect. */
export interface RedeliveryId {
  /** As `isJobId` has it. */
  readonly jobId: string;
  /** From 1. */
  readonly generation: number;
}

/** Letters, digits, `_` and `-`: merchants get it in a header. */
const JOB_ID = /^[\w-]{1,64}$/;

/** Whether a text can be the id of a job. */
export function isJobId(value: string): boolean {
  return JOB_ID.test(value);
}

/** A message as it was found in the queue. */
export type ParsedMessage =
  | { readonly kind: "message"; readonly message: ConfirmationMessage }
  /** Written by a newer program: left for one that knows the schema. */
  | { readonly kind: "newer schema"; readonly schema: number }
  | { readonly kind: "unreadable"; readonly reason: string };

export function encodeMessage(message: ConfirmationMessage): string {
  const { transactionId, version, release, trace, committedAt, deadLettered, redelivery } = message;
  let body =
    `{"schema":${schemaOf(message)},"transactionId":${quoted(transactionId)},"version":${version},` +
    `"release":${release}`;
  if (trace !== undefined) body += `,"trace":${quoted(trace)}`;
  if (committedAt !== undefined) body += `,"committedAt":${committedAt}`;
  if (deadLettered === true) body += ',"deadLettered":true';
  if (redelivery !== undefined)
    body += `,"redelivery":{"jobId":${quoted(redelivery.jobId)},"generation":${redelivery.generation}}`;
  return inAscii(`${body}}`);
}

function schemaOf({ hasSteps }: Pick<ConfirmationMessage, "hasSteps">): number {
  return hasSteps === undefined ? PLAIN_SCHEMA : MESSAGE_SCHEMA;
}

/** The dead letter of a transaction: its message, marked, with the reason for whoever reads the queue. */
export function encodeDeadLetter(message: ConfirmationMessage, failure: Failure, attemptCount: number): string {
  const { hasSteps: _, ...rest } = message;
  return bodyText({ schema: schemaOf(message), ...rest, deadLettered: true, failure, attemptCount });
}

/** The dead letter of a row whose version cannot be delivered; `failure` tells what it holds, were it ever so long. */
export function encodeQuarantined(
  transactionId: string,
  version: number | undefined,
  release: number,
  failure: Failure,
): string {
  const target = { transactionId, ...(version !== undefined && { version }), release };
  return bodyText({ schema: PLAIN_SCHEMA, ...target, deadLettered: true, failure, attemptCount: 0 });
}

/** Characters of an unreadable body that its dead letter keeps; SQS takes 1 MiB with everything in it. */
const MAX_KEPT_BODY = 100_000;
/** Characters of a dead letter of our own, escapes included. */
const MAX_LETTER_LENGTH = 7 * MAX_KEPT_BODY;

/**
 * The dead letter of something that never was a message: kept as it came, for a person to read. One that was put back
 * stays what it is.
 */
export function encodeUnreadable(body: string, failure: Failure): string {
  const letter = deadLetterIn(body);
  if (letter !== undefined) return bodyText(letter);
  return bodyText({ schema: PLAIN_SCHEMA, deadLettered: true, failure, body: body.slice(0, MAX_KEPT_BODY) });
}

function bodyText(value: unknown): string {
  return inAscii(JSON.stringify(value));
}

const NOT_ASCII = /[^\x20-\x7e]/;

/**
 * Plain ASCII, the rest escaped: which other characters a queue takes differs, and a refused one would hold up whatever
 * sends it.
 */
function inAscii(json: string): string {
  if (!NOT_ASCII.test(json)) return json;
  return json.replaceAll(
    new RegExp(NOT_ASCII, "g"),
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function deadLetterIn(body: string): object | undefined {
  try {
    const letter = JSON.parse(body) as { deadLettered?: unknown; failure?: unknown } | null;
    const isLetter = letter?.deadLettered === true && typeof letter.failure === "object";
    return isLetter && body.length <= MAX_LETTER_LENGTH ? letter : undefined;
  } catch {
    return undefined;
  }
}

type Draft = { -readonly [Name in keyof ConfirmationMessage]: ConfirmationMessage[Name] };

export function parseMessage(body: string): ParsedMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return unreadable("is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null) return unreadable("is not a JSON object");
  const { schema, transactionId, version, release, trace, committedAt, deadLettered, redelivery } = parsed as Record<
    string,
    unknown
  >;
  if (!Number.isSafeInteger(schema) || (schema as number) < 1)
    return unreadable(`has schema ${JSON.stringify(schema)}, expected ${PLAIN_SCHEMA}`);
  if ((schema as number) > MESSAGE_SCHEMA) return { kind: "newer schema", schema: schema as number };
  if (typeof transactionId !== "string" || transactionId === "") return unreadable("has no transactionId");
  if (transactionId.length * MAX_BYTES_A_UNIT > MAX_KEY_BYTES && Buffer.byteLength(transactionId) > MAX_KEY_BYTES)
    return unreadable(`has a transactionId over the ${MAX_KEY_BYTES} bytes of a key`);
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    return unreadable(`has version ${JSON.stringify(version)}, expected an integer from 1`);
  if (!Number.isSafeInteger(release) || (release as number) < 0)
    return unreadable(`has release ${JSON.stringify(release)}, expected an integer from 0`);
  const message: Draft = { transactionId, version: version as number, release: release as number };
  if (typeof trace === "string") message.trace = trace;
  if (Number.isSafeInteger(committedAt)) message.committedAt = committedAt as number;
  if (deadLettered === true) message.deadLettered = deadLettered;
  const again = redelivery === undefined ? undefined : redeliveryIn(redelivery);
  if (again !== undefined) message.redelivery = again;
  if (schema !== PLAIN_SCHEMA) message.hasSteps = true;
  return { kind: "message", message };
}

/** What is none is left out: the message is then one without. */
function redeliveryIn(value: unknown): RedeliveryId | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { jobId, generation } = value as Record<string, unknown>;
  if (typeof jobId !== "string" || !isJobId(jobId)) return undefined;
  if (!Number.isSafeInteger(generation) || (generation as number) < 1) return undefined;
  return { jobId, generation: generation as number };
}

/**
 * Same transaction, version, release, mark and sending of a job: the same id. Letters and digits only, as SQS wants it.
 */
export function deduplicationId(message: ConfirmationMessage): string {
  const { transactionId, version, release, deadLettered, redelivery } = message;
  const again = redelivery === undefined ? "" : `,"redelivery",${quoted(redelivery.jobId)},${redelivery.generation}`;
  const letter = deadLettered === true ? ',"dead letter"' : "";
  return sha256(`[${quoted(transactionId)},${version},${release}${letter}${again}]`);
}

/** SQS allows 1 to 128 letters, digits and punctuation marks in a group id; any other text is hashed. */
const GROUP_ID = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/**
 * @param order what forms a group, as in the settings.
 * @param merchantId where it can be read; else the transaction is its own group
 */
export function messageGroupId(transactionId: string, order: "transaction" | "merchant", merchantId?: string): string {
  const key = order === "merchant" && merchantId ? merchantId : transactionId;
  return GROUP_ID.test(key) ? key : sha256(key);
}

function unreadable(what: string): ParsedMessage {
  return {
    kind: "unreadable",
    reason: `The body ${what}. Expected {"schema":1,"transactionId":"…","version":1,"release":0}.`,
  };
}

export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
