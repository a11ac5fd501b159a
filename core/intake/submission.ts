/**
 * A transaction as somebody submits it, by the API or in a file: the producer's part of a row, in JSON. What may stand
 * in each member is decided by the same functions that read rows (`core/transaction`), so that what is taken here can
 * be delivered, and what a producer writes to the table by itself is judged alike; a test holds the two equal.
 */
import { z } from "@hono/zod-openapi";
import { CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM } from "../campaigns/campaign.ts";
import { CURRENCY_CODES, isCurrency } from "../transaction/currencies.ts";
import { INSTANT_FORM, isInstant, ISO_INSTANT } from "../transaction/instant.ts";
import { DECIMAL, isBefore, isId, MAX_ID_BYTES, OUTCOME } from "../transaction/transaction.ts";

/** A lone surrogate would be another character by the time that it is in the table. */
const wellFormed = (value: string): boolean => value.isWellFormed();
const ID_WORDS = `expected 1 to ${MAX_ID_BYTES} bytes of well-formed Unicode`;

export const idSchema = z
  .string()
  .min(1)
  .max(MAX_ID_BYTES)
  .refine((value) => isId(value) && wellFormed(value), ID_WORDS);

export const transactionIdSchema = idSchema.meta({
  description: "Chosen by the producer, the same for all versions",
  example: "t-1",
});

/** As `isMerchantId` has it, in a form that the document can show. */
const OTHER_THAN_RESERVED = /^(?!(?:\*|\.\.?)$)/;

export const merchantIdSchema = idSchema
  .regex(OTHER_THAN_RESERVED, 'expected another id than "*", "." and ".."')
  .meta({ description: "A registered merchant", example: "acme" });

const instantSchema = z
  .string()
  .regex(ISO_INSTANT, `expected ${INSTANT_FORM}`)
  .refine(isInstant, "expected a day that there is");

/** As it is: a record of Zod's would leave a member `__proto__` out, and nobody would be told. */
const payloadSchema = z
  .custom<Readonly<Record<string, unknown>>>(isObject, "expected an object")
  .openapi({ type: "object", additionalProperties: {} });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What a version of a transaction says. */
export const contentShape = {
  merchantId: merchantIdSchema,
  outcome: z
    .string()
    .regex(OUTCOME, "expected 1 to 64 letters, digits and underscores")
    .meta({ description: "How the transaction ended; the webhook's type follows from it", example: "APPROVED" }),
  amount: z
    .string()
    .regex(DECIMAL, 'expected a decimal number as text, for example "12.50"')
    .meta({ description: "Decimal number as text, so that no digit is lost", example: "12.50" }),
  currency: z
    .string()
    .refine(isCurrency, "expected a code of ISO 4217 that is in use")
    .meta({ description: "ISO 4217", example: "EUR", enum: CURRENCY_CODES }),
  occurredAt: instantSchema.meta({
    description: `When it happened: ${INSTANT_FORM}`,
    example: "2026-11-22T10:00:00Z",
    format: "date-time",
  }),
  confirmationUrl: z
    .string()
    .max(2048)
    .refine(wellFormed, "expected well-formed Unicode")
    .optional()
    .meta({ description: "Where the confirmation goes, in the place of the merchant's own URL", format: "uri" }),
  orderingKey: idSchema.optional().meta({
    description: "Transactions of one merchant with the same key are delivered one after the other",
    example: "account-7",
  }),
  orderingAfter: idSchema.optional().meta({
    description: "Id of the transaction with the same key that must be over before this one is delivered",
  }),
  deliverBy: instantSchema.optional().meta({
    description: "Not delivered after it",
    format: "date-time",
  }),
  campaign: z.string().regex(CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM).optional().meta({
    description:
      "A label by which it is counted; nothing of it is told to the merchant, and it is no part of the content",
    example: "spring-sale",
  }),
  payload: payloadSchema
    .optional()
    .meta({ description: "Further members of the webhook's data", example: { reference: "A-17" } }),
};

interface Ordered {
  readonly transactionId?: string | undefined;
  readonly orderingKey?: string | undefined;
  readonly orderingAfter?: string | undefined;
}

/** The rule between members, which no schema of one of them can say. */
export function isOrderSound({ transactionId = "", orderingKey, orderingAfter }: Ordered): boolean {
  return orderingAfter === undefined || isBefore(orderingAfter, transactionId, orderingKey);
}

/** To be copied: a schema takes the message out of what it is given. */
export const ORDER_FAULT = {
  message: "expected the id of another transaction, beside an orderingKey",
  path: ["orderingAfter"],
};

export const contentSchema = z.strictObject(contentShape).openapi("TransactionContent");
export type Content = z.infer<typeof contentSchema>;

export const submissionSchema = z
  .strictObject({ transactionId: transactionIdSchema, ...contentShape })
  .refine(isOrderSound, { ...ORDER_FAULT });
export type Submission = z.infer<typeof submissionSchema>;
