/** The catalogue of events as AsyncAPI 3.0, made of the schemas and examples: a channel, and a message a type. */
import { type ConfirmationEvent } from "./event-types.ts";
import { EVENT_SUBJECTS, type EventSubject } from "./envelope.ts";
import { eventSchemas } from "./event-schemas.ts";
import { exampleEvents } from "./example-events.ts";
import { EVENTS_TOPIC_NAME } from "../settings/names.ts";

const CHANNEL = "confirmationEvents";

/** What a message has beside its body, for filter policies. */
const ATTRIBUTES = {
  type: "As in the event",
  merchantId: "Of the transaction, the merchant, or a resync of one merchant alone",
  outcome: "Of the transaction",
  state: "Of the transaction",
  audience: "Of a resync that was asked for by one consumer, and its snapshots: its name",
} as const;

const SAYS: Readonly<Record<string, string>> = {
  "transaction.accepted": "A version is owed: a new transaction, or a raised version",
  "transaction.attempted": "An attempt failed, and the next one follows from the queue",
  "transaction.scheduled": "It waits in the table, for its next attempt or for its merchant",
  "transaction.requeued": "It is on the queue again",
  "transaction.confirmed": "Its merchant responded with 2xx",
  "transaction.failed": "It was given up",
  "transaction.reopened": "It had failed, and is on its way once more",
  "transaction.redelivery_requested": "A job is to send it again",
  "transaction.redelivered": "It was sent again, with this result",
  "transaction.erased": "What was personal in it was erased on request: do the same with what you have of it",
  "transaction.changed": "Anything else that its state tells of has changed",
  "transaction.removed": "Its row is gone, with this last state",
  "transaction.snapshot": "Its state, as a resync found it",
  "merchant.failing": "Its circuit opened",
  "merchant.recovered": "Its circuit closed",
  "merchant.disabled": "A URL of it was disabled",
  "merchant.enabled": "A URL of it was enabled again",
  "merchant.paused": "It was paused",
  "merchant.resumed": "Its pause is over",
  "merchant.backlog": "Transactions wait for it",
  "merchant.backlog_cleared": "Nothing waits for it any more",
  "resync.completed": "All snapshots of a resync were published",
};

export function eventCatalogue(): Readonly<Record<string, unknown>> {
  const examples = exampleEvents();
  const schemas = eventSchemas();
  const text = { type: "string" } as const;
  return {
    asyncapi: "3.0.0",
    id: "urn:confirmation-pipeline:events",
    info: {
      title: "Confirmation events",
      version: "1.0.0",
      description:
        "What the confirmation pipeline recorded, at least once, in no order: docs/using/events.md says how a " +
        "consumer orders them. Types and members are only ever added; pass over those that you do not know.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
      contact: { name: "Whoever operates the pipeline", url: "https://example.com" },
    },
    defaultContentType: "application/cloudevents+json",
    servers: {
      sns: { host: "sns.amazonaws.com", protocol: "sns", description: "The topic's region and account" },
    },
    channels: {
      [CHANNEL]: {
        address: EVENTS_TOPIC_NAME,
        title: "The topic",
        description: "An SNS topic (standard); subscribe a queue with raw delivery.",
        messages: Object.fromEntries(
          examples.map(({ type }) => [nameOf(type), { $ref: `#/components/messages/${nameOf(type)}` }]),
        ),
      },
    },
    operations: {
      publishEvents: {
        action: "send",
        channel: { $ref: `#/channels/${CHANNEL}` },
        title: "Publish events",
        summary: "One message an event, up to ten in a call",
        security: [{ $ref: "#/components/securitySchemes/iam" }],
        messages: examples.map(({ type }) => ({ $ref: `#/channels/${CHANNEL}/messages/${nameOf(type)}` })),
      },
    },
    components: {
      securitySchemes: {
        iam: { type: "http", scheme: "AWS4-HMAC-SHA256", description: "IAM: sns:Subscribe on the topic" },
      },
      messages: Object.fromEntries(examples.map((event) => [nameOf(event.type), messageOf(event)])),
      messageTraits: {
        attributes: {
          headers: {
            type: "object",
            description: "Message attributes, each of type String",
            properties: Object.fromEntries(
              Object.entries(ATTRIBUTES).map(([name, description]) => [name, { ...text, description }]),
            ),
            required: ["type"],
          },
        },
      },
      schemas: Object.fromEntries(EVENT_SUBJECTS.map((subject) => [subject, withoutId(schemas[subject])])),
    },
  };
}

function messageOf(event: ConfirmationEvent) {
  const subject = event.type.slice(0, event.type.indexOf(".")) as EventSubject;
  return {
    name: event.type,
    title: event.type,
    summary: SAYS[event.type],
    contentType: "application/cloudevents+json",
    traits: [{ $ref: "#/components/messageTraits/attributes" }],
    payload: { $ref: `#/components/schemas/${subject}` },
    examples: [{ name: event.type, headers: { type: event.type }, payload: event }],
  };
}

function withoutId(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== "$id" && name !== "$schema"));
}

/** `transaction.redelivery_requested` as `transactionRedeliveryRequested`. */
function nameOf(type: string): string {
  return type.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase());
}
