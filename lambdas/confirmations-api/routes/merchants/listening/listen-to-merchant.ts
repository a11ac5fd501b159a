/**
 * `PUT` and `DELETE /v1/merchants/{merchantId}/listeners/{listenerId}`: a lease of a minute on copies of what is sent
 * to a merchant of the sandbox, begun, renewed, given back. The audit log has who began to listen; a listener that goes
 * on is not told of again.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../../core/api/api-app.ts";
import { ApiError } from "../../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../../core/api/audited.ts";
import { existingMerchant, type RegistryParts } from "../../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../../core/api/merchant-param.ts";
import { access, problems } from "../../../../../core/api/operation.ts";
import { type AuditEntry, merchantResource } from "../../../../../core/audit-log/audit-entry.ts";
import type { MerchantListeners } from "../../../../../core/aws/merchant-listeners.ts";
import type { MerchantRegistry } from "../../../../../core/aws/merchant-registry.ts";
import {
  LISTENER_LEASE_MS,
  LISTENERS,
  listenersAttribute,
  listenersOf,
  MOST_LISTENERS,
  withListener,
} from "../../../../../core/merchant/listeners.ts";
import { environmentOf, SANDBOX } from "../../../../../core/merchant/merchant-environment.ts";
import type { AttributeMap } from "../../../../../core/transaction/attribute-value.ts";

/** Others begin to listen at the same time. */
const ROUNDS = 4;
const LISTENER_ID = /^[A-Za-z0-9_-]{1,64}$/;

const params = merchantParam.extend({
  listenerId: z
    .string()
    .regex(LISTENER_ID, "expected 1 to 64 letters, digits, _ and -")
    .meta({ description: "Chosen by who listens, another one each time, such as a UUID", example: "my-laptop-1" }),
});

const listenerSchema = z
  .strictObject({
    merchantId: z.string(),
    listenerId: z.string(),
    leasedUntil: z.iso.datetime().meta({ description: "Renew it well before; nothing is copied for it afterwards" }),
    confirmationUrl: z
      .string()
      .optional()
      .meta({ description: "Where its confirmations go; without one nothing is delivered, and copied all the same" }),
  })
  .openapi("Listener");

const putRoute = createRoute({
  ...access("listenToMerchant"),
  method: "put",
  path: "/merchants/{merchantId}/listeners/{listenerId}",
  tags: ["Merchants"],
  summary: "Listen to a merchant of the sandbox, or go on",
  description:
    `For ${LISTENER_LEASE_MS / 1000} seconds copies are kept of what is sent to the merchant, for an hour each: ` +
    "`GET …/copies` reads them. Nothing else becomes of its deliveries than without a listener.",
  request: { params },
  responses: {
    ...problems("listenToMerchant", [404, 409]),
    200: { description: "The lease", content: { "application/json": { schema: listenerSchema } } },
  },
});

const deleteRoute = createRoute({
  ...access("stopListening"),
  method: "delete",
  path: "/merchants/{merchantId}/listeners/{listenerId}",
  tags: ["Merchants"],
  summary: "Listen no more",
  description: "Gives the lease back; one that is over, or never was, is as good.",
  request: { params },
  responses: { ...problems("stopListening", [404]), 204: { description: "There is no such lease any more" } },
});

export interface ListenParts extends RegistryParts {
  readonly registry: Pick<MerchantRegistry, "read" | "update">;
  readonly listeners: Pick<MerchantListeners, "renew" | "end">;
  readonly nowMs: () => number;
}

export function listenToMerchant(app: ApiApp, parts: ListenParts): void {
  const { registry, listeners, nowMs } = parts;
  app.openapi(putRoute, async (c) => {
    const { merchantId, listenerId } = c.req.valid("param");
    for (let round = 0; round < ROUNDS; round += 1) {
      const row = await existingMerchant(parts, merchantId);
      requireSandbox(row);
      const now = nowMs();
      const leasedUntil = new Date(now + LISTENER_LEASE_MS).toISOString();
      const confirmationUrl = row["confirmationUrl"]?.S;
      const lease = { merchantId, listenerId, leasedUntil, ...(confirmationUrl !== undefined && { confirmationUrl }) };
      const isGoingOn = (listenersOf(row).get(listenerId) ?? 0) > now;
      if (isGoingOn && (await listeners.renew(merchantId, listenerId, now))) return c.json(lease, 200);
      const act = {
        action: "listenToMerchant",
        resource: merchantResource(merchantId),
        after: { listenerId },
      } as const;
      if (await begin(registry, row, listenerId, entryOf(c, act, now), now)) return c.json(lease, 200);
    }
    throw tooContended("The merchant");
  });
  app.openapi(deleteRoute, async (c) => {
    const { merchantId, listenerId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    await listeners.end(merchantId, listenerId);
    return c.body(null, 204);
  });
}

/** @throws ApiError API_MERCHANT_CONFLICT for one that is live, of which nobody is shown anything this way */
export function requireSandbox(row: AttributeMap): void {
  if (environmentOf(row) === SANDBOX) return;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a live merchant, expected one of the sandbox, since only those are listened to; " +
      "register one with the environment `sandbox`.",
  );
}

/** @returns false where others began to listen since it was read */
async function begin(
  registry: Pick<MerchantRegistry, "update">,
  row: AttributeMap,
  listenerId: string,
  entry: AuditEntry,
  now: number,
): Promise<boolean> {
  const listeners = withListener(listenersOf(row), listenerId, now);
  if (listeners.size > MOST_LISTENERS)
    throw new ApiError(
      "API_MERCHANT_CONFLICT",
      `got a listener more than the ${MOST_LISTENERS} that there may be of a merchant; ` +
        "end another one, or wait a minute.",
    );
  const seen = row[LISTENERS];
  const result = await registry.update(row["merchantId"]?.S ?? "", entry, {
    UpdateExpression: `SET ${LISTENERS} = :listeners`,
    ConditionExpression: seen === undefined ? `attribute_not_exists(${LISTENERS})` : `${LISTENERS} = :seen`,
    ExpressionAttributeValues: {
      ":listeners": listenersAttribute(listeners),
      ...(seen !== undefined && { ":seen": seen }),
    },
  });
  return result.kind === "written";
}
