/**
 * The schemas of events, for consumers: the catalogue (docs/events/) is made of them. Programs of the pipeline do not
 * load this. A test holds what is published to them, and them to what they were: members and types are only added.
 */
import { z } from "zod";
import { dataSchema, EVENT_SUBJECTS, type EventSubject } from "./envelope.ts";
import { MERCHANT_EVENTS, RESYNC_EVENTS, TRANSACTION_EVENTS } from "./event-types.ts";
import { CONFIRMED_BY } from "../transaction/row/confirmed-by.ts";
import { STATES } from "../transaction/row/row-state.ts";

const instant = z.string().meta({ format: "date-time" });
const count = z.int().min(0);
const transactionId = z.string().min(1);
const merchantId = z.string().min(1);

const transactionSchema = z
  .object({
    transactionId,
    merchantId: merchantId.optional(),
    outcome: z.string().optional().meta({ description: "As its producer wrote it, such as APPROVED" }),
    version: z.int().min(1).optional().meta({ description: "Missing where its producer wrote none that can be read" }),
    state: z.enum(STATES),
    generation: count.meta({ description: "How often it was put on the queue again" }),
    attemptCount: count.meta({ description: "Attempts of this version that count" }),
    lastAttempt: z
      .object({
        at: instant,
        outcome: z.string().meta({ description: "`delivered`, or the class of failure" }),
        status: z.int().optional().meta({ description: "HTTP status, where there was one" }),
        channel: z.string().optional().meta({ description: "Of the recipient's channels, where it has some" }),
      })
      .optional(),
    steps: z
      .array(z.object({ channel: z.string(), result: z.enum(["delivered", "failed", "skipped"]) }))
      .optional()
      .meta({ description: "What its channels came to, where the recipient has some" }),
    waitingFor: z.string().optional().meta({ description: "Why it waits for its merchant" }),
    failure: z.string().optional().meta({ description: "Code of the failure of one that is FAILED" }),
    settledAt: instant.optional().meta({ description: "When it was confirmed or given up" }),
    confirmedBy: z
      .enum(CONFIRMED_BY)
      .optional()
      .meta({ description: "Of one that is CONFIRMED and was not delivered by this pipeline: by what it was" }),
    confirmedElsewhereAt: instant.optional().meta({ description: "When the old system confirmed it, as it says" }),
    erasedAt: instant.optional().meta({ description: "When what was personal in this version was erased" }),
    redelivery: z
      .object({
        jobId: z.string(),
        generation: z.int().min(1),
        result: z.string().optional().meta({ description: "Missing while it is owed" }),
      })
      .optional()
      .meta({ description: "The job that sends it again" }),
    resyncId: z.string().optional().meta({ description: "Of a snapshot alone: of what resync it is" }),
  })
  .meta({ description: "A transaction after the step: the whole of what the pipeline recorded" });

const merchantSchema = z
  .object({
    merchantId,
    failing: z.boolean().meta({ description: "Its circuit is open, or half open" }),
    paused: z.boolean(),
    disabledUrls: count,
    backlog: z.boolean().meta({ description: "Transactions wait for it" }),
  })
  .meta({ description: "A merchant after the change" });

const resyncSchema = z
  .object({
    resyncId: z.string(),
    transactions: count.meta({ description: "How many snapshots were published; some may come twice, or after this" }),
    merchantId: merchantId.optional().meta({
      description: "Whose transactions alone it was of: it says nothing of any other's. Missing where it was of all",
    }),
  })
  .meta({ description: "A resync that is over" });

/** Of the events of each subject: their types, and their data. */
const SUBJECTS = {
  transaction: { types: Object.values(TRANSACTION_EVENTS), data: transactionSchema },
  merchant: { types: Object.values(MERCHANT_EVENTS), data: merchantSchema },
  resync: { types: Object.values(RESYNC_EVENTS), data: resyncSchema },
} as const satisfies Readonly<Record<EventSubject, { readonly types: readonly string[]; readonly data: z.ZodType }>>;

/** JSON Schema (2020-12) of the whole event, by what it is about. Objects are open: readers pass over what is new. */
export function eventSchemas(): Readonly<Record<EventSubject, Record<string, unknown>>> {
  const schemas = EVENT_SUBJECTS.map((subject) => [subject, schemaOf(subject)] as const);
  return Object.fromEntries(schemas) as Record<EventSubject, Record<string, unknown>>;
}

function schemaOf(subject: EventSubject): Record<string, unknown> {
  const { types, data } = SUBJECTS[subject];
  const sequence = z.string().regex(/^\d{40}$/);
  const event = z.object({
    specversion: z.literal("1.0"),
    id: z.string().min(1).meta({ description: "The same event has the same id however often it comes" }),
    source: z.string().min(1).meta({ description: "Which pipeline it is", format: "uri-reference" }),
    type: z.enum(types as unknown as [string, ...string[]]),
    subject: z.string().min(1),
    time: instant.meta({
      description:
        "When the step was recorded, to the second; of a snapshot and a resync, the time since which every step has " +
        "an event of its own",
    }),
    datacontenttype: z.literal("application/json"),
    dataschema: z.literal(dataSchema(subject)),
    ...(subject !== "resync" && {
      sequence: sequence.optional().meta({
        description: "Order of the steps of one subject: the greater text is the later. A snapshot has none",
      }),
    }),
    data,
  });
  const schema = z.toJSONSchema(event, { io: "input" });
  return { ...schema, $id: dataSchema(subject), title: `${capitalized(subject)} event` };
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
