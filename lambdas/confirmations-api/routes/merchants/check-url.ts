/** A URL that could not be called is refused before anything is written, and not with the first transaction. */
import { ApiError } from "../../../../core/api/api-error.ts";
import type { FaultAt } from "../../../../core/api/problem.ts";
import type { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../../core/delivery/destination.ts";

/** How a failure's reason begins. */
const NAMED = /^confirmationUrl: /;

/** @throws ApiError API_BODY_INVALID */
export function checkUrl(url: string | null | undefined, guard: AddressGuard, pointer = "/confirmationUrl"): void {
  const reason = reasonAgainst(url, guard);
  if (reason === undefined) return;
  throw new ApiError("API_BODY_INVALID", reason, { errors: [{ pointer, detail: reason.replace(NAMED, "") }] });
}

/** @returns none for no URL */
export function urlFaults(url: string | null | undefined, guard: AddressGuard, pointer: string): FaultAt[] {
  const reason = reasonAgainst(url, guard);
  return reason === undefined ? [] : [{ pointer, detail: reason.replace(NAMED, "") }];
}

/** @throws ApiError API_BODY_INVALID with all of them */
export function requireNone(errors: readonly FaultAt[]): void {
  const [first, second] = errors;
  if (first === undefined) return;
  const words =
    second === undefined
      ? `${first.pointer.slice(1)}: ${first.detail}`
      : "The body cannot be used; `errors` has each fault.";
  throw new ApiError("API_BODY_INVALID", words, { errors });
}

function reasonAgainst(url: string | null | undefined, guard: AddressGuard): string | undefined {
  if (url === undefined || url === null) return undefined;
  const destination = parseDestination(url, guard);
  return "code" in destination ? destination.reason : undefined;
}
