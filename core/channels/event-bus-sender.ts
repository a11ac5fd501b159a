/**
 * Puts an event on a bus of EventBridge: `source` is the pipeline's, `detail-type` the webhook's type, `detail` its
 * body with `webhookId` beside it. EventBridge responds with 200 whatever became of the entry, and says so in it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type AwsFault, outcomeOf } from "./aws-outcome.ts";
import { awsSender } from "./aws-sender.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender } from "./channel-sender.ts";
import { failedAs, sent } from "./send-outcomes.ts";

/** `source` of every event. */
export const EVENT_SOURCE = "confirmation-pipeline";

/** Errors of an entry (EventBridge API Reference, `PutEventsResultEntry`), and of the call. */
const FAULTS: Readonly<Record<string, AwsFault>> = {
  AccessDeniedException: "theirs",
  NotAuthorizedForSourceException: "theirs",
  NotAuthorizedForDetailTypeException: "theirs",
  InvalidAccountIdException: "theirs",
  ResourceNotFoundException: "theirs",
  InvalidArgument: "message",
  MalformedDetail: "message",
  ValidationException: "message",
  RedactionFailure: "service",
  InternalFailure: "service",
  InternalException: "service",
  ThrottlingException: "service",
};
const NO_WORD = "EventBridge has not said what became of the event";

export function eventBusSender(client: Pick<EventBridgeClient, "send">): ChannelSender {
  return awsSender({
    kind: "eventbridge",
    faults: { service: "EventBridge", faults: FAULTS },
    send: async (message, abortSignal) => {
      const command = new PutEventsCommand({ Entries: [entryOf(message)] });
      const { FailedEntryCount = 0, Entries: [entry] = [] } = await client.send(command, { abortSignal });
      const { EventId, ErrorCode: code, ErrorMessage: said = "" } = entry ?? {};
      if (code !== undefined) return outcomeOf(FAULTS[code] ?? "theirs", `EventBridge says ${code}: ${said}`);
      return FailedEntryCount === 0 && EventId !== undefined ? sent(EventId) : failedAs("service", NO_WORD);
    },
  });
}

function entryOf({ channel, webhookId, body, transaction }: ChannelMessage<ChannelOf<"eventbridge">>) {
  return {
    EventBusName: channel.eventBusArn,
    Source: EVENT_SOURCE,
    DetailType: `transaction.${transaction.outcome.toLowerCase()}`,
    Detail: `{"webhookId":${JSON.stringify(webhookId)},${body.slice(1)}`,
    Time: new Date(transaction.occurredAt),
  };
}
