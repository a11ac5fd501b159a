/** Whose a merchant's addresses are, as the API shows it, and in words what is to be done. */
import { z } from "@hono/zod-openapi";
import { environmentOf, SANDBOX } from "../../../../../core/merchant/merchant-environment.ts";
import {
  ANY_ORIGIN,
  FROM_BEFORE,
  originOf,
  type OriginOwnership,
  ORIGIN_STATES,
  type Origins,
  originsOf,
} from "../../../../../core/merchant/ownership.ts";
import { type AttributeMap, stringOf } from "../../../../../core/transaction/attribute-value.ts";
import { instantOf } from "../../transactions/transaction-view.ts";

/** Of the address that a merchant has of its own. */
export const OWNERSHIP_STATES = [...ORIGIN_STATES, "unverified", "not_needed"] as const;
export type OwnershipState = (typeof OWNERSHIP_STATES)[number];

const originSchema = z
  .strictObject({
    origin: z.string(),
    state: z.enum(ORIGIN_STATES),
    at: z.iso.datetime().optional(),
    by: z.string().optional().meta({ description: "Who vouched for it" }),
    url: z.string().optional().meta({ description: "Where the last challenge of it went" }),
    jobId: z.string().optional().meta({ description: "Of the last challenge of it" }),
    error: z.string().optional().meta({ description: "Why that failed" }),
  })
  .openapi("MerchantOrigin");

export const ownershipSchema = z
  .strictObject({
    state: z.enum(OWNERSHIP_STATES).meta({
      description: "Of its own address. What is live is delivered where it is `verified` or `vouched`, and waits else",
    }),
    explanation: z.string().meta({ description: "The same in words, and what is to be done" }),
    origins: z.array(originSchema),
  })
  .openapi("MerchantOwnership");
export type OwnershipView = z.infer<typeof ownershipSchema>;

export function ownershipOf(row: AttributeMap): OwnershipView {
  const origins = originsOf(row);
  const url = stringOf(row["confirmationUrl"]);
  const [state, own] = stateOf(row, origins, url);
  return {
    state,
    explanation: explanationOf(state, own, url),
    origins: [...(origins ?? [])].map(([origin, { at, ...rest }]) => {
      const since = instantOf(at);
      return { origin, ...rest, ...(since !== undefined && { at: since }) };
    }),
  };
}

export function ownershipStateOf(row: AttributeMap): OwnershipState {
  return stateOf(row, originsOf(row), stringOf(row["confirmationUrl"]))[0];
}

function stateOf(
  row: AttributeMap,
  origins: Origins | undefined,
  url: string | undefined,
): readonly [OwnershipState, OriginOwnership | undefined] {
  if (environmentOf(row) === SANDBOX) return ["not_needed", undefined];
  if (origins === undefined) return ["vouched", { state: "vouched", at: 0, by: FROM_BEFORE }];
  const own = origins.get(originOf(url) ?? "") ?? origins.get(ANY_ORIGIN);
  return [own?.state ?? "unverified", own];
}

const NEXT = "Ask again with POST …/verify (`merchants verify`), or let an operator vouch for it (`merchants vouch`)";
const WAITS = "Until then nothing is delivered there: transactions wait.";

function explanationOf(state: OwnershipState, own: OriginOwnership | undefined, url: string | undefined): string {
  switch (state) {
    case "verified":
      return "The address answered its challenge.";
    case "vouched":
      return own?.by === FROM_BEFORE
        ? "Not challenged: it is from before addresses were."
        : `Not challenged: ${own?.by ?? "an operator"} vouched for it.`;
    case "not_needed":
      return "A merchant of the sandbox needs none.";
    case "challenged":
      return `The address has not answered its challenge yet. ${WAITS} ${NEXT}.`;
    case "failed": {
      const why = own?.error ?? "for a reason that was not kept";
      const remedy = `Let it answer (docs/using/ownership.md). ${NEXT}.`;
      return `The address did not answer its challenge as it should: ${why}. ${WAITS} ${remedy}`;
    }
    case "unverified":
  }
  if (url !== undefined) return `Nobody has shown that the address is its own. ${WAITS} ${NEXT}.`;
  return `It has no address of its own; those of its transactions must be verified, or they wait. ${NEXT}, with a url.`;
}
