/** A merchant as the API takes it and shows it. Nothing here is a secret. */
import { z } from "@hono/zod-openapi";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";
import { MAX_ACKNOWLEDGE_SECONDS } from "../../../../core/merchant/acknowledgement.ts";
import { MAX_MERCHANT_DEADLINE_MS, MAX_MERCHANT_LIMIT } from "../../../../core/merchant/merchant-content.ts";
import { connectionMembers } from "../../../../core/api/connection-view.ts";
import { HTTP_VERSIONS } from "../../../../core/merchant/connection/connection.ts";
import type { PayloadVersion } from "../../../../core/transaction/payload-version.ts";
import { channelsViewSchema, newChannelsSchema, planSchema } from "./channels/channels-schema.ts";
import { modeSchema, modesMembers } from "./modes-view.ts";
import { headersPatchSchema, headersSchema } from "./headers-schema.ts";
import { ENVIRONMENTS } from "../../../../core/merchant/merchant-environment.ts";
import { SCHEDULE_LIMITS } from "../../../../core/retry/retry-schedule.ts";
import { SIGNATURE_SCHEMES } from "../../../../core/signing/signing-attributes.ts";
import { ownershipSchema } from "./ownership/ownership-view.ts";

const MAX_URL_LENGTH = 2048;

export const urlSchema = z
  .string()
  .min(1)
  .max(MAX_URL_LENGTH)
  .refine((value) => value.isWellFormed(), "expected well-formed Unicode")
  .meta({ description: "Where confirmations go", format: "uri", example: "https://merchant.example/confirmations" });

const limitSchema = z.int().min(1).max(MAX_MERCHANT_LIMIT);

/** Not as one literal with two values: the document would show the first alone. */
const payloadVersionSchema = z.union([z.literal(1), z.literal(2)]) satisfies z.ZodType<PayloadVersion>;

const members = {
  confirmationUrl: urlSchema,
  maxConcurrency: limitSchema.meta({ description: "Calls at once from one task, at most", example: 8 }),
  rateLimitPerSecond: limitSchema.meta({ description: "Calls a second, at most", example: 50 }),
  deadlineMs: z
    .int()
    .min(1)
    .max(MAX_MERCHANT_DEADLINE_MS)
    .meta({ description: "Milliseconds for one attempt, where that is less than the pipeline's own deadline" }),
  retryScheduleSeconds: z
    .array(z.int().min(1).max(SCHEDULE_LIMITS.waitSeconds))
    .max(SCHEDULE_LIMITS.waits)
    .meta({ description: "Waits after the first, second, … failed attempt; empty for one attempt", example: [5, 30] }),
  signatures: z
    .array(z.enum(SIGNATURE_SCHEMES))
    .min(1)
    .max(SIGNATURE_SCHEMES.length)
    .refine((schemes) => new Set(schemes).size === schemes.length, "expected each scheme once")
    .meta({ description: "Schemes of Standard Webhooks; both where nothing is said", uniqueItems: true }),
  payloadVersion: payloadVersionSchema.meta({
    description: "Form of the webhook's body; 1 where nothing is said. In 2 a payload is a member of its own",
  }),
  httpVersion: z
    .enum(HTTP_VERSIONS)
    .meta({ description: "Version of HTTP that it is called with; 1.1 where nothing is said" }),
  environment: z.enum(ENVIRONMENTS).meta({ description: "`live` where nothing is said; what is live stays so" }),
  mirror: z
    .strictObject({ url: urlSchema })
    .meta({ description: "Where goes what would have been sent, under the mode `mirror`; with a secret of its own" }),
  acknowledgement: z
    .strictObject({
      withinSeconds: z
        .int()
        .min(1)
        .max(MAX_ACKNOWLEDGE_SECONDS)
        .optional()
        .meta({ description: "Seconds that it has; what the settings say where nothing is said", example: 300 }),
    })
    .meta({ description: "It answers 202 for what it acknowledges later; without it 202 is a delivery" }),
};

const optional = {
  confirmationUrl: members.confirmationUrl.optional(),
  maxConcurrency: members.maxConcurrency.optional(),
  rateLimitPerSecond: members.rateLimitPerSecond.optional(),
  deadlineMs: members.deadlineMs.optional(),
  retryScheduleSeconds: members.retryScheduleSeconds.optional(),
  signatures: members.signatures.optional(),
  headers: headersSchema.optional(),
  payloadVersion: members.payloadVersion.optional(),
  httpVersion: members.httpVersion.optional(),
  environment: members.environment.optional(),
  acknowledgement: members.acknowledgement.optional(),
  channels: newChannelsSchema.optional(),
  plan: planSchema.optional(),
  mirror: members.mirror.optional(),
};

export const newMerchantSchema = z
  .strictObject({ merchantId: merchantIdSchema, ...optional, mode: modeSchema.optional() })
  .openapi("NewMerchant");

/** JSON Merge Patch. */
export const merchantPatchSchema = z
  .strictObject({
    confirmationUrl: members.confirmationUrl.nullable().optional(),
    maxConcurrency: members.maxConcurrency.nullable().optional(),
    rateLimitPerSecond: members.rateLimitPerSecond.nullable().optional(),
    deadlineMs: members.deadlineMs.nullable().optional(),
    retryScheduleSeconds: members.retryScheduleSeconds.nullable().optional(),
    signatures: members.signatures.nullable().optional(),
    headers: headersPatchSchema.nullable().optional(),
    payloadVersion: members.payloadVersion.nullable().optional(),
    httpVersion: members.httpVersion.nullable().optional(),
    environment: members.environment.nullable().optional(),
    acknowledgement: members.acknowledgement.nullable().optional(),
    channels: newChannelsSchema.nullable().optional(),
    plan: planSchema.nullable().optional(),
    mirror: members.mirror.nullable().optional(),
  })
  .openapi("MerchantPatch");

/** Shown as it lies in the row, which the API need not have written: without the rules for what is taken. */
export const merchantSchema = z
  .strictObject({
    merchantId: z.string(),
    confirmationUrl: z.string().optional(),
    maxConcurrency: z.int().optional(),
    rateLimitPerSecond: z.int().optional(),
    deadlineMs: z.int().optional(),
    retryScheduleSeconds: z.array(z.int()).optional(),
    signatures: z.array(z.enum(SIGNATURE_SCHEMES)),
    headers: z.record(z.string(), z.string()).optional().meta({ description: "Names in lower case; none is secret" }),
    payloadVersion: payloadVersionSchema.optional(),
    httpVersion: z.enum(HTTP_VERSIONS).optional(),
    ...connectionMembers,
    environment: z.enum(ENVIRONMENTS),
    ...modesMembers,
    limits: z
      .strictObject({ rateLimitPerSecond: z.int(), maxConcurrency: z.int() })
      .optional()
      .meta({ description: "Of a merchant of the sandbox: what holds, whatever its row allows" }),
    acknowledgement: z.strictObject({ withinSeconds: z.int() }).optional(),
    channels: channelsViewSchema.optional(),
    plan: planSchema.optional(),
    mirror: z.strictObject({ url: z.string() }).optional(),
    ownership: ownershipSchema,
    secret: z
      .enum(["derived", "imported"])
      .meta({ description: "Whether its secret is the pipeline's, or one that it brought along; never the secret" }),
    secretKeyVersion: z.string().meta({ description: "Version of the master key that its keys are derived from" }),
    previousKeyUntil: z.iso
      .datetime()
      .optional()
      .meta({ description: "Until then the key before the last rotation signs too" }),
    faults: z
      .array(z.string())
      .optional()
      .meta({ description: "Why its row cannot be used, where it cannot: nothing is delivered to it" }),
  })
  .openapi("Merchant");
export type MerchantView = z.infer<typeof merchantSchema>;
