/**
 * Takes transactions in: each is checked as the worker would check it, written as a cooperative producer writes it
 * (with its keys in both indexes, so that it is found even if the stream never tells of it), and answered on its own.
 * The table is the only truth: what was written is a confirmation to deliver, whatever becomes of the answer.
 */
import { confirmationOf, type Order } from "../aws/outgoing-messages.ts";
import { sendAll } from "../aws/send-all.ts";
import type { EntryError, MessageQueue } from "../aws/message-queue.ts";
import { insertStatement } from "../aws/statements/insert.ts";
import { MAX_READS, type TransactionsTable, type WriteResult } from "../aws/transactions-table.ts";
import { writeAll } from "../aws/write-all.ts";
import type { FaultAt } from "../api/problem.ts";
import type { AddressGuard } from "../delivery/address-guard.ts";
import type { MerchantEntry } from "../delivery/merchant-cache.ts";
import { prepareCall, type PrepareFailure } from "../delivery/prepare.ts";
import type { RowKeySettings } from "../settings/row-key-settings.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import type { Failure } from "../transaction/failure.ts";
import type { FailureCode } from "../transaction/failure-faults.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { rowStateOf } from "../transaction/row/row-state.ts";
import { traceHeaderOf } from "../transaction/transaction.ts";
import { contentAttributes } from "./content-row.ts";
import { rowKeys } from "./row-keys.ts";
import { contentDigest, differencesOf, intakeAttribute, intakeOf } from "./intake-record.ts";
import type { Submission } from "./submission.ts";

export interface IntakeParts {
  readonly table: Pick<TransactionsTable, "read" | "write" | "name">;
  readonly merchants: {
    get(merchantIds: Iterable<string>): Promise<ReadonlyMap<string, MerchantEntry | Failure>>;
  };
  readonly guard: AddressGuard;
  readonly maxBodyBytes: number;
  readonly rowKeys: RowKeySettings;
  readonly nowMs: () => number;
  /** Onto the queue right after the write; undefined: the stream alone puts them there. */
  readonly direct?: DirectQueue | undefined;
}

export interface DirectQueue {
  /** Of rows without an ordering key. */
  readonly confirmations: Pick<MessageQueue, "send">;
  readonly order: Order;
  /** Resolves when it is over, or after a bound. Never rejects. */
  readonly within: (sending: Promise<readonly EntryError[]>) => Promise<void>;
}

export interface Submitted {
  readonly submission: Submission;
  /** Trace that the row goes on with. @default the stream decides */
  readonly traceHeader?: string | undefined;
}

export type IntakeResult =
  /** @param acceptedAt epoch milliseconds; undefined for a row that a producer put into the table itself */
  | { readonly kind: "taken"; readonly acceptedAt: number | undefined; readonly isRepeat: boolean }
  | { readonly kind: "invalid"; readonly errors: readonly FaultAt[] }
  /** Another content has the id. @param version that the row has now */
  | { readonly kind: "conflict"; readonly differences: readonly string[]; readonly version: number }
  /** Nothing is known: it may be in the table or not. Sent again, it is answered. */
  | { readonly kind: "unavailable"; readonly error: string };

/** Whose name and limits the check does without. */
const NO_DEADLINE_MS = 60_000;

/** What routes ask for. */
export type IntakeCalls = Pick<Intake, "submit" | "check" | "enqueueRaised">;

export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** @param by who submits. @returns one result each, in order */
  async submit(submitted: readonly Submitted[], by: string): Promise<IntakeResult[]> {
    const merchants = await this.#parts.merchants.get(submitted.map(({ submission }) => submission.merchantId));
    const nowMs = this.#parts.nowMs();
    const results: IntakeResult[] = Array.from({ length: submitted.length });
    const rows: AttributeMap[] = [];
    const indexes: number[] = [];
    for (const [index, one] of submitted.entries()) {
      const checked = this.rowOf(one, merchants, by, nowMs);
      if ("errors" in checked) results[index] = { kind: "invalid", errors: checked.errors };
      else {
        rows.push(checked.row);
        indexes.push(index);
      }
    }
    const { table } = this.#parts;
    const statements = rows.map((row) => insertStatement(table.name, row));
    const written = await writeAll(table, statements);
    await this.#enqueue(rows.filter((_, at) => written[at]?.kind === "written"));
    const existing = await this.#existing(rows, written);
    for (const [at, index] of indexes.entries())
      results[index] = resultOf(rows[at] as AttributeMap, written[at] as WriteResult, existing, nowMs);
    return results;
  }

  /** The row of a first version, or everything that is wrong with it. */
  rowOf(
    { submission, traceHeader }: Submitted,
    merchants: ReadonlyMap<string, MerchantEntry | Failure>,
    by: string,
    nowMs: number,
  ): { row: AttributeMap } | { errors: readonly FaultAt[] } {
    const { transactionId } = submission;
    const content = contentAttributes(submission);
    if ("faults" in content) return { errors: content.faults };
    const { attributes } = content;
    const row = {
      transactionId: { S: transactionId },
      version: { N: "1" },
      ...attributes,
      ...rowKeys(transactionId, attributes, this.#parts.rowKeys, nowMs),
      [ATTRIBUTES.intake]: intakeAttribute({ digest: contentDigest(attributes), at: nowMs, by }),
      ...(traceHeader !== undefined && { traceHeader: { S: traceHeader } }),
    };
    const errors = this.check(row, merchants, nowMs);
    return errors.length === 0 ? { row } : { errors };
  }

  /** What the worker would give up at once is refused here. */
  check(row: AttributeMap, merchants: ReadonlyMap<string, MerchantEntry | Failure>, nowMs: number): FaultAt[] {
    const { guard, maxBodyBytes } = this.#parts;
    const deliverBy = row["deliverBy"]?.S;
    if (deliverBy !== undefined && Date.parse(deliverBy) <= nowMs)
      return [{ pointer: "/deliverBy", detail: `got ${deliverBy}, which is over; expected a time to come` }];
    const entry = merchants.get(row["merchantId"]?.S ?? "");
    if (entry === undefined || "code" in entry)
      return [{ pointer: "/merchantId", detail: entry?.reason ?? "expected a registered merchant" }];
    const get = () => entry;
    const prepared = prepareCall(row, { merchants: { get }, guard, deadlineMs: NO_DEADLINE_MS, maxBodyBytes });
    if (prepared instanceof Promise || !("code" in prepared)) return [];
    if (prepared.code === "url_missing" && isOnlyListenedTo(prepared, nowMs)) return [];
    return [{ pointer: pointerOf(prepared, row), detail: IN_OTHER_WORDS[prepared.code] ?? prepared.reason }];
  }

  /** After a raise of a version. @param row as it is now */
  async enqueueRaised(row: AttributeMap, version: number): Promise<void> {
    await this.#enqueue([row], version);
  }

  /** Rows with an ordering key are left to the stream: a follower could overtake one whose message was not sent. */
  async #enqueue(rows: readonly AttributeMap[], version = 1): Promise<void> {
    const { direct, nowMs } = this.#parts;
    const unordered = rows.filter((row) => row["orderingKey"] === undefined);
    if (direct === undefined || unordered.length === 0) return;
    const committedAt = nowMs();
    const messages = unordered.map((row) => {
      const trace = traceHeaderOf(row);
      const transactionId = row["transactionId"]?.S ?? "";
      const { release } = rowStateOf(row);
      const message = { transactionId, version, release, committedAt, ...(trace !== undefined && { trace }) };
      return confirmationOf(row, message, direct.order);
    });
    await direct.within(sendAll(direct.confirmations, messages));
  }

  async #existing(rows: readonly AttributeMap[], written: readonly WriteResult[]): Promise<Map<string, AttributeMap>> {
    const ids = new Set(
      rows.filter((_, at) => written[at]?.kind === "condition failed").map((row) => row["transactionId"]?.S ?? ""),
    );
    const existing = new Map<string, AttributeMap>();
    const all = [...ids];
    for (let from = 0; from < all.length; from += MAX_READS)
      for (const [id, row] of await this.#parts.table.read(all.slice(from, from + MAX_READS))) existing.set(id, row);
    return existing;
  }
}

/** Whoever listens gets it though it has nowhere to go. */
function isOnlyListenedTo({ unsent }: PrepareFailure, nowMs: number): boolean {
  return (unsent?.merchant.listenedUntil ?? 0) > nowMs;
}

function resultOf(
  row: AttributeMap,
  written: WriteResult,
  existing: ReadonlyMap<string, AttributeMap>,
  nowMs: number,
): IntakeResult {
  switch (written.kind) {
    case "written":
      return { kind: "taken", acceptedAt: nowMs, isRepeat: false };
    case "rejected":
      return { kind: "invalid", errors: [{ pointer: "", detail: `the table refuses it: ${written.error}` }] };
    case "unavailable":
      return { kind: "unavailable", error: written.error };
    case "condition failed":
  }
  const found = existing.get(row["transactionId"]?.S ?? "");
  // Deleted between the write and the read.
  if (found === undefined) return { kind: "unavailable", error: "the row was there and is gone; send it again" };
  return comparedWith(row, found);
}

function comparedWith(row: AttributeMap, found: AttributeMap): IntakeResult {
  const intake = intakeOf(found);
  const version = Number(found["version"]?.N ?? Number.NaN);
  const digest = intake?.digest ?? (version === 1 ? contentDigest(found) : undefined);
  if (digest === contentDigest(row)) return { kind: "taken", acceptedAt: intake?.at, isRepeat: true };
  return { kind: "conflict", differences: differencesOf(row, found), version };
}

/** Where the reason of a dead letter says what to do with a row, which there is none of yet. */
const IN_OTHER_WORDS: Readonly<Partial<Record<FailureCode, string>>> = {
  url_missing: "got nothing, expected a URL here or on the merchant; of the sandbox, somebody who listens will do",
  body_too_large: "makes a webhook whose body is over the limit of the pipeline; send a smaller payload",
};

/** Which member of a submission a failure is about. */
function pointerOf({ code }: Failure, row: AttributeMap): string {
  if (code === "body_too_large") return "/payload";
  if (!code.startsWith("url_")) return "";
  return row["confirmationUrl"] === undefined && code !== "url_missing" ? "/merchantId" : "/confirmationUrl";
}
