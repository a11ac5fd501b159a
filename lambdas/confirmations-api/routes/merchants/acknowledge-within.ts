/** How long a merchant has to acknowledge: as it says, within the bounds of the settings, else as those say. */
import { ApiError } from "../../../../core/api/api-error.ts";
import type { MerchantAcknowledgement } from "../../../../core/merchant/acknowledgement.ts";

/** Seconds. */
export interface AcknowledgeBounds {
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
}

interface Given {
  readonly acknowledgement?: { readonly withinSeconds?: number | undefined } | null | undefined;
}

/** @throws ApiError API_BODY_INVALID */
export function acknowledgeWithin(
  { acknowledgement: given }: Given,
  { defaultSeconds, maxSeconds }: AcknowledgeBounds,
): { readonly acknowledgement?: MerchantAcknowledgement | null } {
  if (given === undefined) return {};
  if (given === null) return { acknowledgement: null };
  const { withinSeconds = defaultSeconds } = given;
  if (withinSeconds <= maxSeconds) return { acknowledgement: { withinSeconds } };
  const detail = `got ${withinSeconds}, expected at most ${maxSeconds} (delivery.maxAcknowledgeWithinSeconds)`;
  throw new ApiError("API_BODY_INVALID", `acknowledgement.withinSeconds: ${detail}.`, {
    errors: [{ pointer: "/acknowledgement/withinSeconds", detail }],
  });
}
