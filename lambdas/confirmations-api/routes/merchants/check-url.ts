/** A URL that could not be called is refused before anything is written, and not with the first transaction. */
import { ApiError } from "../../../../core/api/api-error.ts";
import type { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../../core/delivery/destination.ts";

/** How a failure's reason begins. */
const NAMED = /^confirmationUrl: /;

/** @throws ApiError API_BODY_INVALID */
export function checkUrl(url: string | null | undefined, guard: AddressGuard, pointer = "/confirmationUrl"): void {
  if (url === undefined || url === null) return;
  const destination = parseDestination(url, guard);
  if (!("code" in destination)) return;
  throw new ApiError("API_BODY_INVALID", destination.reason, {
    errors: [{ pointer, detail: destination.reason.replace(NAMED, "") }],
  });
}
