/**
 * `PUT /v1/merchants/{merchantId}/mode`: who confirms what occurs from some moment on, this pipeline or the old system.
 * What was decided for the past stays. A switch is far enough ahead for both systems to know of it before anything can
 * be under it.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { existingMerchant } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import { mirrorOf } from "../../../../core/merchant/mirror.ts";
import {
  isSameSwitches,
  MOST_SWITCHES,
  type Switches,
  switchesOf,
  writeSwitches,
} from "../../../../core/merchant/modes.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";
import { switched, type SwitchFault } from "../../../../core/merchant/switch-mode.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { merchantSchema } from "./merchant-schema.ts";
import { merchantView } from "./merchant-view.ts";
import { modeSchema, modesView } from "./modes-view.ts";

const ROUNDS = 4;
const instantSchema = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);

const switchSchema = z
  .strictObject({
    mode: modeSchema,
    liveFrom: instantSchema.optional().meta({
      description: "With `live`: what occurred from then on is this pipeline's. The earliest that may be without it",
      format: "date-time",
      example: "2026-12-01T09:00:00Z",
    }),
    liveUntil: instantSchema.optional().meta({
      description: "With the others: what occurred from then on is the old system's again. Likewise",
      format: "date-time",
    }),
  })
  .openapi("MerchantSwitch");
type GivenSwitch = z.infer<typeof switchSchema>;

const route = createRoute({
  ...access("switchMerchant"),
  method: "put",
  path: "/merchants/{merchantId}/mode",
  tags: ["Cut-over"],
  summary: "Switch a merchant",
  description:
    "Who confirms what occurs from some moment on, by `occurredAt`: this pipeline or the old system. A moment nearer " +
    "than `cutOver.aheadSeconds` is refused. A switch that is still as far ahead is replaced; any other stays. " +
    "From `shadow` to `mirror` and back nobody else confirms: that takes effect within ten seconds.",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: switchSchema } } },
  },
  responses: {
    ...problems("switchMerchant", [404, 409], true),
    200: { description: "The merchant as it is now", content: { "application/json": { schema: merchantSchema } } },
  },
});

export interface SwitchParts {
  readonly registry: Pick<MerchantRegistry, "read" | "update">;
  readonly sandbox: SandboxLimits;
  /** Milliseconds by which a switch must be ahead. */
  readonly switchAheadMs: number;
  readonly nowMs: () => number;
}

export function switchMerchant(app: ApiApp, parts: SwitchParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const row = await change(c, parts, merchantId, c.req.valid("json"));
    return c.json(merchantView(row, parts.sandbox, parts.nowMs()), 200);
  });
}

/** @returns the row as it is then */
async function change(
  c: ApiContext,
  { registry, switchAheadMs, nowMs }: SwitchParts,
  merchantId: string,
  given: GivenSwitch,
): Promise<AttributeMap> {
  const { mode } = given;
  const from = fromOf(given);
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = await existingMerchant({ registry }, merchantId);
    if (mode === "mirror" && mirrorOf(row["mirror"]) === undefined) throw withoutMirror();
    const before = switchesBefore(row);
    const now = nowMs();
    const result = switched(before, { mode, from }, now, switchAheadMs);
    if ("kind" in result) throw refused(result, given, switchAheadMs);
    const { switches } = result;
    if (isSameSwitches(before ?? [{ mode: "live" }], switches)) return row;
    const written = writeSwitches(switches);
    const read = row["switches"];
    const act = {
      action: "switchMerchant",
      resource: merchantResource(merchantId),
      before: { ...modesView(before, now) },
      after: { ...modesView(switches, now) },
    } as const;
    const recorded = await registry.update(merchantId, entryOf(c, act, now), {
      UpdateExpression: "SET switches = :switches",
      ConditionExpression: read === undefined ? "attribute_not_exists(switches)" : "switches = :read",
      ExpressionAttributeValues: { ":switches": written, ...(read !== undefined && { ":read": read }) },
    });
    if (recorded.kind === "written") return { ...row, switches: written };
  }
  throw tooContended("The merchant");
}

/** Epoch milliseconds; undefined for the earliest. @throws ApiError API_BODY_INVALID */
function fromOf({ mode, liveFrom, liveUntil }: GivenSwitch): number | undefined {
  const isLive = mode === "live";
  const wrong = isLive ? liveUntil !== undefined && "liveUntil" : liveFrom !== undefined && "liveFrom";
  if (wrong !== false) throw invalid(wrong, `got one with mode ${mode}, expected ${isLive ? "liveFrom" : "liveUntil"}`);
  const given = isLive ? liveFrom : liveUntil;
  // A switch is at a whole millisecond: what occurred within one is not told apart.
  return given === undefined ? undefined : Date.parse(given);
}

function withoutMirror(): ApiError {
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a merchant without a mirror, expected one that has an address for it; give it one with PATCH first.",
  );
}

/** @throws ApiError API_MERCHANT_CONFLICT for a row that nobody can say the switches of */
function switchesBefore(row: AttributeMap): Switches | undefined {
  if (row["switches"] === undefined) return undefined;
  const switches = switchesOf(row["switches"]);
  if (switches !== undefined) return switches;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a merchant whose row has `switches` that cannot be read; mend the row first, as `faults` says.",
  );
}

function refused(fault: SwitchFault, { mode }: GivenSwitch, aheadMs: number): ApiError {
  const name = mode === "live" ? "liveFrom" : "liveUntil";
  switch (fault.kind) {
    case "too near": {
      const earliest = new Date(fault.earliest).toISOString();
      return invalid(
        name,
        `got a time nearer than ${aheadMs / 1000} s (cutOver.aheadSeconds), expected ${earliest} or later`,
      );
    }
    case "no change":
      return new ApiError(
        "API_MERCHANT_CONFLICT",
        mode === "live"
          ? "got a merchant that is live already, expected one of the old system's; leave liveFrom out to keep it so."
          : "got a merchant that is the old system's already, expected one that is live; leave liveUntil out.",
      );
    case "too many":
  }
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    `got one more switch of a merchant that has ${MOST_SWITCHES}, expected at most as many.`,
  );
}

function invalid(name: string, detail: string): ApiError {
  return new ApiError("API_BODY_INVALID", `${name}: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });
}
