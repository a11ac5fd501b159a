/** A transaction as the API shows it. */
import { z } from "@hono/zod-openapi";
import { CHANNEL_PLANS } from "../../../../core/channels/channel.ts";
import { FAULTS } from "../../../../core/transaction/failure-faults.ts";
import { CONFIRMED_BY } from "../../../../core/transaction/row/confirmed-by.ts";
import { RESTORED_AS } from "../../../../core/transaction/row/restored-by.ts";
import { STATES } from "../../../../core/transaction/row/row-state.ts";

const instant = z.iso.datetime();

const failureSchema = z
  .strictObject({
    code: z.string().meta({ description: "As in docs/errors.md", example: "attempts_exhausted" }),
    fault: z.enum(FAULTS),
    reason: z.string(),
  })
  .openapi("Failure");

const attemptSchema = z
  .strictObject({
    at: instant,
    durationMs: z.number(),
    outcome: z.string().meta({ description: "`delivered`, or the class of failure", example: "status_5xx" }),
    status: z.int().optional().meta({ description: "HTTP status, where there was one" }),
    error: z.string().optional(),
    retryAfterSeconds: z.number().optional(),
    response: z.string().optional().meta({ description: "The beginning of what the merchant answered, redacted" }),
    resends: z.int().optional(),
    channel: z
      .string()
      .optional()
      .meta({ description: "Of its merchant's channels, where it has any", example: "mail" }),
  })
  .openapi("Attempt");

const redeliverySchema = z
  .strictObject({
    jobId: z.string(),
    generation: z.int().meta({ description: "Which sending of the job it is, from 1" }),
    markedAt: instant.optional(),
    reopened: z
      .literal(true)
      .optional()
      .meta({ description: "It had failed: the job put it on its way, and its state says what comes of it" }),
    result: z.string().optional().meta({
      description: "`delivered`, the class or code of a failure, or `turned_away`; left out while it is outstanding",
      example: "delivered",
    }),
    at: instant.optional(),
    status: z.int().optional(),
    error: z.string().optional().meta({ description: "What went wrong, or why it was turned away" }),
  })
  .openapi("Redelivery");
export type RedeliveryView = z.infer<typeof redeliverySchema>;

const stepSchema = z
  .strictObject({
    channel: z.string().meta({ description: "Of its merchant's channels", example: "mail" }),
    result: z.enum(["delivered", "failed", "skipped"]),
    at: instant,
    attempts: z.int().meta({ description: "On this channel, as far as they counted" }),
    why: z.string().optional().meta({ description: "Why this channel was used" }),
    messageId: z.string().optional().meta({ description: "What the service calls the message" }),
    class: z.string().optional().meta({ description: "Class of the failure that ended it" }),
    error: z.string().optional().meta({ description: "Why it failed, or was skipped" }),
  })
  .openapi("ChannelStep");

const stepsSchema = z
  .strictObject({
    plan: z.enum(CHANNEL_PLANS),
    done: z.array(stepSchema).meta({ description: "None of them is done again for this version" }),
    current: z
      .strictObject({
        channel: z.string(),
        why: z.string(),
        sentAt: instant
          .optional()
          .meta({ description: "When a message was sent of which nobody knows the result yet" }),
      })
      .optional()
      .meta({ description: "The channel that is on" }),
    passedOver: z
      .array(
        z.strictObject({
          channel: z.string(),
          why: z.string(),
          until: instant.meta({ description: "Not used before it, where another one may be" }),
        }),
      )
      .optional()
      .meta({ description: "Channels that something keeps back, so that those after them go first" }),
  })
  .openapi("ChannelSteps");
export type StepsView = z.infer<typeof stepsSchema>;

const shadowSchema = z
  .strictObject({
    bodyDigest: z.string().optional().meta({ description: "SHA-256 of the body, in base64url" }),
    unsent: z
      .string()
      .optional()
      .meta({ description: "Why it would not have been sent: a code of a failure, or what it would have waited for" }),
    reason: z.string().optional().meta({ description: "The same for a person" }),
    mirror: z
      .strictObject({
        result: z.string().meta({ description: "`delivered`, the class of a failed attempt, or `turned_away`" }),
        at: instant.optional(),
        durationMs: z.number().optional(),
        status: z.int().optional(),
        error: z.string().optional(),
      })
      .optional()
      .meta({ description: "What came of sending it to its merchant's mirror" }),
  })
  .openapi("Shadow");
export type ShadowView = z.infer<typeof shadowSchema>;

const summaryShape = {
  transactionId: z.string(),
  version: z.int().optional().meta({ description: "Left out where the row has none that can be read" }),
  merchantId: z.string().optional(),
  outcome: z.string().optional(),
  amount: z.string().optional(),
  currency: z.string().optional(),
  occurredAt: z.string().optional(),
  state: z.enum(STATES),
  attemptCount: z.int(),
  nextAttemptAt: instant.optional().meta({ description: "Not before it, where the transaction waits until a time" }),
  confirmedBy: z
    .enum(CONFIRMED_BY)
    .optional()
    .meta({ description: "By what it is CONFIRMED, where that was no delivery of this pipeline's" }),
  waitingFor: z.string().optional().meta({ description: "Why it waits without an attempt", example: "circuit open" }),
  failure: failureSchema.optional(),
  erasedAt: instant.optional().meta({ description: "When what was personal in this version was erased on request" }),
};

export const summarySchema = z.strictObject(summaryShape).openapi("TransactionSummary");
export type TransactionSummary = z.infer<typeof summarySchema>;

export const transactionSchema = z
  .strictObject({
    ...summaryShape,
    explanation: z.string().meta({ description: "The state in words, and what comes next" }),
    confirmationUrl: z.string().optional(),
    orderingKey: z.string().optional(),
    orderingAfter: z.string().optional(),
    deliverBy: z.string().optional(),
    campaign: z.string().optional().meta({ description: "The label that its producer gave it" }),
    webhookId: z.string().optional().meta({ description: "`webhook-id` of this version, the same in each attempt" }),
    attempts: z.array(attemptSchema).meta({ description: "The newest ten" }),
    steps: stepsSchema.optional().meta({ description: "What was done channel by channel, where its merchant has any" }),
    redelivery: redeliverySchema
      .optional()
      .meta({ description: "The job that sent this version again, and its result" }),
    shadow: shadowSchema
      .optional()
      .meta({ description: "What would have been sent, of one that the old system confirms" }),
    elsewhere: z
      .strictObject({
        confirmedAt: instant.meta({ description: "As the old system says" }),
        notedAt: instant,
        by: z.string().meta({ description: "Whose token said so" }),
      })
      .optional()
      .meta({ description: "That the old system confirmed this version too, or alone" }),
    restored: z
      .strictObject({
        jobId: z.string().meta({ description: "Of the restore, or of the decision about it" }),
        at: instant,
        as: z.enum(RESTORED_AS).meta({ description: "Where what was written is from" }),
      })
      .optional()
      .openapi("RestoredBy")
      .meta({ description: "A restore of the table wrote it" }),
    acknowledgedAt: instant
      .optional()
      .meta({ description: "When its merchant acknowledged it, which had answered 202 before" }),
    giveUpAt: instant.optional(),
    recordedAt: instant.optional().meta({ description: "When it was confirmed or failed" }),
    submittedAt: instant.optional(),
    submittedBy: z.string().optional(),
    sentBody: z
      .string()
      .optional()
      .meta({ description: "The body as it was sent; only where it matches what was recorded with the first attempt" }),
    traceId: z.string().optional().meta({ description: "Of AWS X-Ray" }),
  })
  .openapi("Transaction");
export type TransactionView = z.infer<typeof transactionSchema>;
