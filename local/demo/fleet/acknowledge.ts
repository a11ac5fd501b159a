/**
 * How a merchant of the fleet acknowledges what it answered with 202: by the signed callback, as the file for merchants
 * makes it, until it is taken or refused for good.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { signAcknowledgement } from "../../../verifier/verify-webhook.mjs";
import type { AnyBehaviour } from "./response.ts";

const AGAIN_AFTER_MS = 250;
/** More than a message that a killed worker held is out of sight. */
const MOST_ATTEMPTS = 1000;
const TIMEOUT_MS = 5000;
const TOO_EARLY = "ACKNOWLEDGEMENT_TOO_EARLY";
const PROMPT_MS = { least: 50, spread: 250 } as const;

interface GivenWebhook {
  readonly id: string;
  readonly merchantId: string;
  readonly transactionId: string;
  readonly version: number;
  readonly secret: string;
}

export function isAcknowledging(behaviour: AnyBehaviour): boolean {
  return behaviour.startsWith("acknowledging");
}

/**
 * @param deliveriesBefore of the same webhook-id. @param draw in [0, 1)
 * @returns milliseconds until it acknowledges; undefined where it does not
 */
export function acknowledgesAfterMs(
  behaviour: AnyBehaviour,
  deliveriesBefore: number,
  draw: number,
): number | undefined {
  const isAwaited = behaviour === "acknowledging" || (behaviour === "acknowledging-late" && deliveriesBefore > 0);
  return isAwaited ? PROMPT_MS.least + draw * PROMPT_MS.spread : undefined;
}

/** @returns when the request that was taken was sent, epoch milliseconds; undefined where none was */
export async function acknowledge(url: string, webhook: GivenWebhook): Promise<number | undefined> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const sentAtMs = Date.now();
    const status = await send(url, webhook);
    if (status === "taken") return sentAtMs;
    if (status === "refused") return undefined;
    await sleep(AGAIN_AFTER_MS);
  }
  return undefined;
}

async function send(url: string, webhook: GivenWebhook): Promise<"taken" | "refused" | "again"> {
  try {
    const request = await signAcknowledgement(webhook);
    const response = await fetch(url, { method: "POST", ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return "taken";
    const { error } = (await response.json()) as { readonly error?: { readonly code?: string } };
    const isPassing = response.status === 429 || response.status >= 500 || error?.code === TOO_EARLY;
    return isPassing ? "again" : "refused";
  } catch {
    return "again";
  }
}
