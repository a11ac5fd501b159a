/**
 * How long one transaction takes that comes by the API, which puts its message on the queue itself: one at a time,
 * after a pause, from the answer of `POST /v1/transactions` to the merchant's call; and from when the request was sent.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../../../core/telemetry/percentile.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { LocalStack } from "../../../local/local-stack.ts";
import { submissionOf, transactionIdOf } from "./insert-rows.ts";
import type { LoopbackMerchants } from "./loopback-merchants.ts";

export interface ApiLatency {
  readonly transactions: number;
  /** Milliseconds from the answer to the merchant's call; 0 where the merchant was called before it. */
  readonly callP50Ms: number;
  readonly callP99Ms: number;
  /** Milliseconds from the request to the merchant's call. */
  readonly requestToCallP50Ms: number;
  readonly requestToCallP99Ms: number;
}

export interface ApiLatencyOptions {
  readonly stack: Pick<LocalStack, "endpoints">;
  readonly merchants: LoopbackMerchants;
  /** Number of the first one. */
  readonly first: number;
  readonly transactions: number;
  /** Milliseconds before each, at least. */
  readonly pauseMs: number;
}

/** Not measured: the first ones start the function and open connections. */
const WARM_UP = 5;
const UNEVEN_MS = 137;
const WITHIN_MS = 20_000;
const SCOPE = "transactions:write";

/** @throws Error when one was not taken, or not delivered in time */
export async function apiLatency(options: ApiLatencyOptions): Promise<ApiLatency> {
  const { stack, merchants, first, transactions, pauseMs } = options;
  const token = await tokenOf(stack);
  const [called, all]: [number[], number[]] = [[], []];
  for (let index = 0; index < WARM_UP + transactions; index += 1) {
    await sleep(pauseMs + Math.random() * UNEVEN_MS);
    const number = first + index;
    const sentAt = performance.now();
    await submit(stack, token, number);
    const acceptedAt = performance.now();
    const id = transactionIdOf(number);
    const wait = { everyMs: 1, untilMs: Date.now() + WITHIN_MS, isStopped: () => false };
    if (!(await waitUntil(() => Promise.resolve(merchants.visits.has(id)), wait)))
      throw new Error(`${id} was not delivered within ${WITHIN_MS} ms.`);
    const { calledAt = Number.NaN } = merchants.visits.get(id) ?? {};
    if (index < WARM_UP) continue;
    called.push(Math.max(0, calledAt - acceptedAt));
    all.push(calledAt - sentAt);
  }
  return {
    transactions,
    callP50Ms: percentile(called, 0.5),
    callP99Ms: percentile(called, 0.99),
    requestToCallP50Ms: percentile(all, 0.5),
    requestToCallP99Ms: percentile(all, 0.99),
  };
}

/** How many it submits. */
export function submittedFor(transactions: number): number {
  return WARM_UP + transactions;
}

async function tokenOf({ endpoints }: Pick<LocalStack, "endpoints">): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", scope: SCOPE });
  const response = await fetch(`${endpoints.issuer}/token`, { method: "POST", body });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}

async function submit({ endpoints }: Pick<LocalStack, "endpoints">, token: string, number: number): Promise<void> {
  const response = await fetch(`${endpoints.api}/v1/transactions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(submissionOf(number)),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`A transaction was not taken: ${response.status} ${text}`);
}
