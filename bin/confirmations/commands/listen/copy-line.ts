/** A copy, and what became of it here, as one line for a person. */
import { printable } from "../../show/printable.ts";
import type { Copy, Forwarded, HandledCopy, Signature } from "./handled-copy.ts";

/** What verifiers take, as Standard Webhooks have it. */
const TOLERANCE_SECONDS = 300;

export function copyLine({ copy, signature, forwarded, isReplay }: HandledCopy, time: string): string {
  const parts = [
    time,
    `#${copy.number}`,
    nameOf(copy),
    `called: ${calledText(copy)}`,
    `signature: ${signatureText(signature)}`,
    ...(forwarded === undefined ? [] : [`here: ${forwardedText(forwarded)}`]),
    ...(isReplay ? ["(replayed)"] : []),
  ];
  return parts.map(printable).join("  ");
}

/** A transaction, its version and attempt; of what is of none the type of the event. */
function nameOf({ transactionId, version, attempt, request }: Copy): string {
  if (transactionId === undefined) return typeIn(request.body);
  return `${transactionId} v${version}${attempt === undefined ? "" : ` attempt ${attempt}`}`;
}

function typeIn(body: string): string {
  try {
    const { type } = JSON.parse(body) as { readonly type?: unknown };
    return typeof type === "string" ? type : "?";
  } catch {
    return "?";
  }
}

function calledText({ attempt, request, result: { outcome, status, durationMs } }: Copy): string {
  if (request.url === undefined || durationMs === undefined) return `nobody (${outcome})`;
  const how =
    status === undefined ? outcome : attempt !== undefined && outcome === "delivered" ? status : `${status} ${outcome}`;
  return `${how} in ${durationMs} ms`;
}

function signatureText({ verified, schemes, why, ageSeconds }: Signature): string {
  const text = verified ? `verified (${schemes.join(", ")})` : `NOT verified: ${why}`;
  return Math.abs(ageSeconds) <= TOLERANCE_SECONDS ? text : `${text}, ${ageText(ageSeconds)}`;
}

function ageText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return seconds > 0
    ? `${minutes} min old, which a verifier refuses`
    : `${minutes} min ahead of this machine's clock, which a verifier here refuses`;
}

function forwardedText(forwarded: Forwarded): string {
  const { durationMs } = forwarded;
  return "status" in forwarded ? `${forwarded.status} in ${durationMs} ms` : `${forwarded.error}, ${durationMs} ms`;
}
