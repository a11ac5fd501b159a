/**
 * What a recipient's channels may be, in one schema: of its row, of the API and of files. All faults are found at once.
 * Whether a kind or a destination may be used in a deployment is asked elsewhere: settings say so.
 */
import { z } from "zod";
import { MAX_ACKNOWLEDGE_SECONDS } from "../merchant/acknowledgement.ts";
import { SCHEDULE_LIMITS } from "../retry/retry-schedule.ts";
import { CURRENCY_CODES, isCurrency } from "../transaction/currencies.ts";
import { compareDecimals } from "../transaction/decimal-sum.ts";
import { CURRENCY, DECIMAL, OUTCOME } from "../transaction/transaction.ts";
import { isPayloadPath } from "./address-of.ts";
import { ON_UNCERTAIN } from "./channel.ts";
import { isEmailAddress } from "./email-address.ts";
import { isZone, TIME_OF_DAY } from "./local-hours.ts";
import { LANGUAGE, TEMPLATE_NAME } from "./templates/template.ts";

export const CHANNEL_ID = /^[a-z][a-z0-9-]{0,31}$/;
/** E.164. */
export const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
const QUEUE_URL = /^https?:\/\/[\w.:-]+\/\d{12}\/[\w-]{1,80}(\.fifo)?$/;
const TOPIC_ARN = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;
const EVENT_BUS_ARN = /^arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/;
const MAX_URL_LENGTH = 2048;
/** Of an email address, and of a path into a payload. */
const MAX_ADDRESS_LENGTH = 640;
const MAX_OUTCOMES = 50;
/** Characters of who recorded a consent. */
export const MAX_BY = 256;
/** Of one recipient. */
export const MOST_CHANNELS = 10;

/** Whether a cross-check is made although a member has a fault: always, so that all are told at once. */
const always = { when: () => true };

const decimalSchema = z.string().regex(DECIMAL, 'expected a decimal number as a string, such as "12.50"');
const timeSchema = z.string().regex(TIME_OF_DAY, "expected a time of day from 00:00 to 23:59");
const idSchema = z
  .string()
  .regex(CHANNEL_ID, "expected 1 to 32 lower-case letters, digits and hyphens, a letter first")
  .meta({ description: "Its name among the merchant's channels", example: "phone" });

/** Of the row; the API takes and shows another form of it. */
export const consentSchema = z.strictObject({
  given: z.boolean(),
  at: z.int().min(0),
  by: z.string().min(1).max(MAX_BY),
});

function eachOnce<Item>(items: z.ZodArray<z.ZodType<Item>>) {
  return items.min(1).refine((values) => new Set(values).size === values.length, "expected each once");
}

const hoursSchema = z
  .strictObject({
    from: timeSchema.meta({ example: "08:00" }),
    to: timeSchema.meta({
      description: "Not included; before `from`, or the same, on the day after",
      example: "20:00",
    }),
    zone: z
      .string()
      .refine(isZone, "expected a zone of the IANA database, such as America/Sao_Paulo")
      .meta({ example: "America/Sao_Paulo" }),
    days: eachOnce(z.array(z.int().min(1).max(7)))
      .optional()
      .meta({ description: "On which the hours begin, 1 is Monday; every day where nothing is said" }),
  })
  .meta({ description: "Local time; each attempt keeps to it" });

const amountSchema = z
  .strictObject({ min: decimalSchema.optional(), max: decimalSchema.optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, "expected min, max or both")
  .refine(({ min, max }) => min === undefined || max === undefined || compareDecimals(min, max) <= 0, {
    path: ["max"],
    message: "expected a decimal that is not below min",
  })
  .meta({ description: "In the transaction's own currency, inclusive", example: { min: "1000" } });

const healthSchema = z
  .strictObject({ channel: idSchema, is: z.enum(["closed", "open"]) })
  .meta({ description: "Only while the circuit of one of its channels, be it this one, is open, or is not" });

function conditionSchema<Consent extends z.ZodType>(consent: Consent) {
  return z
    .strictObject({
      amount: amountSchema.optional(),
      currencies: eachOnce(
        z.array(
          z
            .string()
            .refine(isCurrency, "expected a code of ISO 4217 that is in use, such as EUR")
            .meta({ pattern: CURRENCY.source }),
        ),
      )
        .max(CURRENCY_CODES.length)
        .optional()
        .meta({ example: ["EUR", "BRL"] }),
      outcomes: eachOnce(
        z.array(z.string().regex(OUTCOME, "expected letters, digits and underscores such as APPROVED")),
      )
        .max(MAX_OUTCOMES)
        .optional()
        .meta({ example: ["APPROVED"] }),
      hours: hoursSchema.optional(),
      health: healthSchema.optional(),
      consent: consent.optional(),
    })
    .meta({ description: "When it may be used: all that is said must hold; always where nothing is said" });
}

function addressSchema(isAddress: (text: string) => boolean, expected: string) {
  return z
    .string()
    .max(MAX_ADDRESS_LENGTH)
    .refine((to) => isAddress(to) || isPayloadPath(to), `expected ${expected}, or a member such as payload.contact`);
}

/** @param consent form of what was agreed to, as `when.consent` has it */
export function channelSchema<Consent extends z.ZodType>(consent: Consent) {
  const base = {
    id: idSchema,
    when: conditionSchema(consent).optional(),
    retryScheduleSeconds: z
      .array(z.int().min(1).max(SCHEDULE_LIMITS.waitSeconds))
      .max(SCHEDULE_LIMITS.waits)
      .optional()
      .meta({ description: "Waits between attempts on this channel; the merchant's where nothing is said" }),
  };
  const templated = {
    ...base,
    template: z
      .string()
      .regex(
        TEMPLATE_NAME,
        "expected the name of a template: 1 to 64 lower-case letters, digits, _ and -, a letter first",
      )
      .meta({ description: "The operator's template; of WhatsApp, the approved one", example: "confirmed" }),
    language: z.string().regex(LANGUAGE, "expected a language of BCP 47, such as pt-BR").optional(),
    onUncertain: z
      .enum(ON_UNCERTAIN)
      .optional()
      .meta({ description: "What becomes of what may have been sent; what the settings say where nothing is said" }),
    receipt: z
      .strictObject({ withinSeconds: z.int().min(1).max(MAX_ACKNOWLEDGE_SECONDS) })
      .optional()
      .meta({ description: "It has delivered once its receipt says so, and has failed where none comes in time" }),
  };
  const phone = addressSchema((to) => PHONE_NUMBER.test(to), "a phone number in E.164, such as +5511987654321").meta({
    example: "+5511987654321",
  });
  return z.discriminatedUnion("kind", [
    z.strictObject({
      ...base,
      kind: z.literal("webhook"),
      url: z
        .string()
        .min(1)
        .max(MAX_URL_LENGTH)
        .refine((url) => url.isWellFormed(), "expected well-formed Unicode")
        .optional()
        .meta({ description: "The merchant's `confirmationUrl` where nothing is said", format: "uri" }),
    }),
    z.strictObject({
      ...templated,
      kind: z.literal("email"),
      to: addressSchema(isEmailAddress, "an address such as shop@example.com").meta({
        example: "shop@merchant.example",
      }),
    }),
    z.strictObject({ ...templated, kind: z.literal("sms"), to: phone }),
    z.strictObject({ ...templated, kind: z.literal("whatsapp"), to: phone }),
    z.strictObject({
      ...base,
      kind: z.literal("sqs"),
      queueUrl: z
        .string()
        .max(MAX_URL_LENGTH)
        .regex(QUEUE_URL, "expected the URL of a queue, which ends with account and name"),
    }),
    z.strictObject({
      ...base,
      kind: z.literal("sns"),
      topicArn: z.string().regex(TOPIC_ARN, "expected the ARN of an SNS topic"),
    }),
    z.strictObject({
      ...base,
      kind: z.literal("eventbridge"),
      eventBusArn: z.string().regex(EVENT_BUS_ARN, "expected the ARN of an event bus"),
    }),
  ]);
}

/** In order of the plan. @param channel what `channelSchema` made */
export function channelListSchema<C extends z.ZodType>(channel: C) {
  return z
    .array(channel)
    .min(1)
    .max(MOST_CHANNELS)
    .superRefine((channels, ctx) => {
      for (const { path, message } of listFaults(channels)) ctx.addIssue({ code: "custom", path, message });
    }, always);
}

/** What one channel alone does not show. Members may be anything. */
function listFaults(channels: unknown): { readonly path: (string | number)[]; readonly message: string }[] {
  if (!Array.isArray(channels)) return [];
  const list = channels as readonly ({ id?: unknown; when?: { health?: { channel?: unknown } } } | null)[];
  const ids = list.map((channel) => channel?.id);
  return list.flatMap((channel, index) => {
    const faults: { path: (string | number)[]; message: string }[] = [];
    const { id, when } = channel ?? {};
    if (id !== undefined && ids.indexOf(id) !== index)
      faults.push({ path: [index, "id"], message: "expected an id that no channel before it has" });
    const other = when?.health?.channel;
    if (other !== undefined && !ids.includes(other))
      faults.push({ path: [index, "when", "health", "channel"], message: "expected the id of one of these channels" });
    return faults;
  });
}
