/**
 * One variant's share of the world: an endless queue that gives out messages while the lane is open, the rows that they
 * stand for, and what has been seen of each step. Counted here, outside the process that is measured.
 */
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { PLAIN_SCHEMA } from "../../../../core/transaction/message.ts";
import { SALT } from "../master-keys.ts";
import { Backlog, type GivenMessage } from "./backlog.ts";
import { LaneTimes } from "./lane-times.ts";
import { transactionIdOf, webhookOf } from "./transaction.ts";

export interface LaneOptions {
  readonly name: string;
  /** `ids`: messages name transactions, as the pipeline's do. `whole`: they hold all that is to be sent. */
  readonly messages: "ids" | "whole";
  readonly signatures: readonly string[];
  readonly merchants: number;
  /** Addresses of merchants, `http://127.0.0.1:<port>`; a merchant is behind the one of its number. */
  readonly origins: readonly string[];
  /**
   * Messages that wait in the queue, made before they are given out; for each one that is given out another is added.
   * @default none
   */
  readonly queued?: number;
  /**
   * Messages that are given out and not yet deleted, at most: 16 at first, ever more as some are done.
   * @default as many as are asked for
   */
  readonly maxInHand?: number;
  /** Whether its webhooks carry signatures. @default true */
  readonly isSigned?: boolean;
}

/** How often each step was seen. */
export interface LaneCounts {
  readonly received: number;
  /** Webhooks answered with 200. */
  readonly answered: number;
  readonly recorded: number;
  readonly deleted: number;
}

/** One in so many transactions is timed from its merchant's answer to its record. */
const TIMED_EVERY = 16;
/** A merchant's bulkhead begins with so many calls, and takes more with each that goes well. */
const FIRST_IN_HAND = 16;
const DONE_FOR_ONE_MORE = 4;

export class Lane {
  readonly options: LaneOptions;
  readonly counts = { received: 0, answered: 0, recorded: 0, deleted: 0 };
  times = new LaneTimes();
  isOpen = false;
  mostInFlight = 0;
  /** Milliseconds that merchants take to answer. */
  merchantMs = 0;
  /** Messages given out a second; undefined for as many as are asked for. */
  ratePerSecond: number | undefined;
  readonly #givenAt = new Map<string, number>();
  readonly #respondedAt = new Map<string, number>();
  readonly #backlog: Backlog | undefined;
  #inFlight = 0;
  #next = 0;
  #openedAt = 0;
  #givenSinceOpened = 0;

  constructor(options: LaneOptions) {
    this.options = options;
    if (options.queued !== undefined) this.#backlog = new Backlog(options.queued, (number) => this.bodyOf(number));
  }

  open(ratePerSecond: number | undefined, merchantMs: number): void {
    this.isOpen = true;
    this.ratePerSecond = ratePerSecond;
    this.merchantMs = merchantMs;
    this.#openedAt = performance.now();
    this.#givenSinceOpened = 0;
  }

  /** Numbers of the transactions that a receive gets. */
  take(most: number): number[] {
    if (!this.isOpen) return [];
    const owed =
      this.ratePerSecond === undefined
        ? most
        : Math.floor(((performance.now() - this.#openedAt) / 1000) * this.ratePerSecond) - this.#givenSinceOpened;
    const count = Math.max(0, Math.min(most, owed, this.#room()));
    this.#givenSinceOpened += count;
    this.counts.received += count;
    const numbers = Array.from({ length: count }, () => this.#next++);
    for (const number of numbers)
      if (number % TIMED_EVERY === 0) this.#givenAt.set(transactionIdOf(number), performance.now());
    return numbers;
  }

  /** Messages that may be given out now. */
  #room(): number {
    const { received, deleted } = this.counts;
    const { maxInHand } = this.options;
    if (maxInHand === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(maxInHand, FIRST_IN_HAND + Math.floor(deleted / DONE_FOR_ONE_MORE)) - (received - deleted);
  }

  /** A webhook has come to its merchant. */
  called(): void {
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
  }

  answered(transactionId: string): void {
    this.counts.answered += 1;
    this.#inFlight -= 1;
    if (this.#givenAt.has(transactionId)) this.#respondedAt.set(transactionId, performance.now());
  }

  recorded(transactionId: string): void {
    this.counts.recorded += 1;
    const [givenAt, respondedAt] = [this.#givenAt.get(transactionId), this.#respondedAt.get(transactionId)];
    if (givenAt === undefined || respondedAt === undefined) return;
    this.#givenAt.delete(transactionId);
    this.#respondedAt.delete(transactionId);
    const now = performance.now();
    this.times.add(now - respondedAt, now - givenAt - this.merchantMs);
  }

  deleted(count: number): void {
    this.counts.deleted += count;
  }

  /** To be asked for once for each number that was given out, in the order of the numbers. */
  messageOf(number: number): GivenMessage {
    return this.#backlog?.take(number) ?? { body: this.bodyOf(number), sentAt: Date.now() };
  }

  /** What a message holds. */
  bodyOf(number: number): string {
    const transactionId = transactionIdOf(number);
    if (this.options.messages === "ids")
      return JSON.stringify({ schema: PLAIN_SCHEMA, transactionId, version: 1, release: 0 });
    const webhook = webhookOf(number, this.options.merchants);
    const { merchantId } = webhook.data;
    return JSON.stringify({ transactionId, merchantId, url: this.urlOf(merchantId), webhook });
  }

  /** The row of a transaction, as DynamoDB writes it. */
  rowOf(transactionId: string): unknown {
    const { data } = webhookOf(Number.parseInt(transactionId.slice(0, 8), 16), this.options.merchants);
    return {
      transactionId: { S: transactionId },
      version: { N: "1" },
      merchantId: { S: data.merchantId },
      outcome: { S: data.outcome },
      amount: { S: data.amount },
      currency: { S: data.currency },
      occurredAt: { S: data.occurredAt },
      [ATTRIBUTES.merchantKey]: { S: `${data.merchantId}#2026-11-22#1` },
      [ATTRIBUTES.dueKey]: { S: "P#7" },
      [ATTRIBUTES.dueAt]: { N: "1795334400000" },
      payload: { M: { reference: { S: data.reference }, terminal: { S: data.terminal }, note: { S: data.note } } },
    };
  }

  /** The row of a merchant. */
  merchantOf(merchantId: string): unknown {
    return {
      merchantId: { S: merchantId },
      confirmationUrl: { S: this.urlOf(merchantId) },
      secretSalt: { S: SALT },
      signatures: { SS: this.options.signatures },
    };
  }

  urlOf(merchantId: string): string {
    const { origins, name } = this.options;
    const origin = origins[Number(merchantId.slice(merchantId.lastIndexOf("-") + 1)) % origins.length];
    return `${origin}/${name}/confirmations`;
  }
}
