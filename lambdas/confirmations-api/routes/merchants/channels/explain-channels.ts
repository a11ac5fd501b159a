/**
 * `POST /v1/merchants/{merchantId}/channels/explain`: by which channel a transaction is sent, or would be, and why not
 * by each other. Nothing is sent or written; it is the choice that the worker makes, told.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../../core/api/api-error.ts";
import { existingMerchant, type RegistryParts } from "../../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../../core/api/merchant-param.ts";
import { access, principalIn, problems, requireAccess } from "../../../../../core/api/operation.ts";
import { channelHealthId, channelsAskedAbout } from "../../../../../core/channels/channel-health.ts";
import { type Channel, CHANNEL_KINDS, CHANNEL_PLANS } from "../../../../../core/channels/channel.ts";
import {
  CHANNEL_STATES,
  type ChannelExplanation,
  explainChannels,
  ONLY_WEBHOOK,
} from "../../../../../core/channels/explain-channels.ts";
import type { ConditionedTransaction, HealthOf } from "../../../../../core/channels/judge-channel.ts";
import { planInForce } from "../../../../../core/channels/steps.ts";
import { contentShape, transactionIdSchema } from "../../../../../core/intake/submission.ts";
import type { MerchantHealthActs } from "../../../../../core/aws/merchant-health-acts.ts";
import { contentOf } from "../../../../../core/merchant/merchant-content.ts";
import { circuitAt } from "../../../../../core/merchant/merchant-health.ts";
import { type AttributeMap, stringOf } from "../../../../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../../../../core/transaction/parse-transaction.ts";
import { stepsOf } from "../../../../../core/transaction/row/steps.ts";

/** Inlined: of a transaction that need not be there. */
const questionSchema = z
  .strictObject({
    transactionId: transactionIdSchema.optional().meta({ description: "One that is there, with what was done for it" }),
    amount: contentShape.amount.optional(),
    currency: contentShape.currency.optional(),
    outcome: contentShape.outcome.optional(),
    at: contentShape.occurredAt
      .optional()
      .meta({ description: "When it would be sent; now where nothing is said", format: "date-time" }),
  })
  .openapi("ChannelQuestion");

const explanationSchema = z
  .strictObject({
    kind: z.enum(["use", "wait", "none"]),
    plan: z.enum(CHANNEL_PLANS),
    why: z.string(),
    channel: z.string().optional().meta({ description: "The one that is used" }),
    until: z.iso.datetime().optional().meta({ description: "Where nothing is used yet: when it is chosen anew" }),
    channels: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(CHANNEL_KINDS),
        state: z.enum(CHANNEL_STATES).meta({
          description:
            "`used` now or `waited for`; `delivered`, `failed` and `skipped` are recorded of the transaction; " +
            "`left out` for good, `passed over` for now; `not reached` where others come first",
        }),
        why: z.string(),
      }),
    ),
  })
  .openapi("ChannelExplanation");

const route = createRoute({
  ...access("explainChannels"),
  method: "post",
  path: "/merchants/{merchantId}/channels/explain",
  tags: ["Merchants"],
  summary: "See by which channel a transaction is sent, and why",
  description:
    "Of a transaction that is there (`transactionId`, which needs `transactions:read` too), or of one as described " +
    "by `amount`, `currency` and `outcome`. Nothing is sent or written.",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: questionSchema } } },
  },
  responses: {
    ...problems("explainChannels", [404], true),
    200: {
      description: "The choice, and each channel",
      content: { "application/json": { schema: explanationSchema } },
    },
  },
});

type Question = z.infer<typeof questionSchema>;

export interface ExplainParts extends RegistryParts {
  readonly healthActs: Pick<MerchantHealthActs, "read">;
  /** Of a transaction. */
  readonly read: (transactionId: string) => Promise<AttributeMap | undefined>;
  readonly nowMs: () => number;
}

export function explainMerchantChannels(app: ApiApp, parts: ExplainParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const question = c.req.valid("json");
    requireWhole(question);
    const merchant = await existingMerchant(parts, merchantId);
    const { channels = ONLY_WEBHOOK, ...content } = contentOf(merchant);
    const now = question.at === undefined ? parts.nowMs() : Date.parse(question.at);
    const { transaction, steps } = await inQuestion(c, parts, merchantId, question);
    const plan = planInForce(steps, content.plan ?? CHANNEL_PLANS[0]);
    const healthOf = await healthNow(parts, merchantId, channels);
    return c.json(viewOf(explainChannels({ channels, plan, transaction, steps, healthOf, now })), 200);
  });
}

/** Either all that describes a transaction, or the id of one. @throws ApiError API_BODY_INVALID */
function requireWhole({ transactionId, amount, currency, outcome }: Question): void {
  const described = Object.entries({ amount, currency, outcome });
  const wrong = described.filter(([, value]) => (value === undefined) === (transactionId === undefined));
  if (wrong.length === 0) return;
  const detail =
    transactionId === undefined
      ? "got none, expected one, or the transactionId of a transaction that is there"
      : "got one beside a transactionId, expected one or the other";
  const errors = wrong.map(([name]) => ({ pointer: `/${name}`, detail }));
  throw new ApiError("API_BODY_INVALID", "The body cannot be used; `errors` has each fault.", { errors });
}

/** @throws ApiError API_NOT_FOUND for a transaction of another merchant */
async function inQuestion(c: ApiContext, { read }: ExplainParts, merchantId: string, question: Question) {
  const { transactionId, amount = "", currency = "", outcome = "" } = question;
  const described: ConditionedTransaction = { amount, currency, outcome };
  if (transactionId === undefined) return { transaction: described, steps: undefined };
  requireAccess(principalIn(c), "getTransaction", { merchantId }, "transaction");
  const row = await read(transactionId);
  if (row === undefined || stringOf(row["merchantId"]) !== merchantId) throw notFound("transaction");
  const parsed = parseTransaction(row);
  if ("faults" in parsed)
    throw new ApiError("API_BODY_INVALID", `transactionId: got one that cannot be read: ${parsed.faults.join("; ")}.`, {
      errors: [{ pointer: "/transactionId", detail: `got one that cannot be read: ${parsed.faults.join("; ")}` }],
    });
  return { transaction: parsed.transaction, steps: stepsOf(row) };
}

/** Of those alone that a condition names. */
async function healthNow(
  { healthActs, nowMs }: ExplainParts,
  merchantId: string,
  channels: readonly Channel[],
): Promise<HealthOf> {
  const states = new Map(
    await Promise.all(
      channelsAskedAbout(channels).map(async (channel) => {
        const health = await healthActs.read(channelHealthId(merchantId, channel));
        return [channel.id, circuitAt(health, nowMs(), Number.POSITIVE_INFINITY)] as const;
      }),
    ),
  );
  return (channelId) => states.get(channelId) ?? "closed";
}

function viewOf({ until, channels, ...explanation }: ChannelExplanation): z.infer<typeof explanationSchema> {
  return {
    ...explanation,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    channels: [...channels],
  };
}
