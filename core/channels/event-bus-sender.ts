/**
 * Puts an event on a bus of EventBridge: `source` is the pipeline's, `detail-type` the webhook's type, `detail` its
 * body with `webhookId` beside it. EventBridge responds with 200 whatever became of the entry, and says so in it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type AwsFault, type AwsFaults, awsOutcome, outcomeOf } from "./aws-outcome.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";
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
const OF_CALL: AwsFaults = { service: "EventBridge", faults: FAULTS };

export class EventBusSender implements ChannelSender {
  readonly kind = "eventbridge";
  readonly needsIntent = false;
  readonly #client: Pick<EventBridgeClient, "send">;

  constructor(client: Pick<EventBridgeClient, "send">) {
    this.#client = client;
  }

  async send(given: ChannelMessage, deadlineMs: number): Promise<SendOutcome> {
    const { channel, webhookId, body, transaction } = given as ChannelMessage<ChannelOf<"eventbridge">>;
    const entry = {
      EventBusName: channel.eventBusArn,
      Source: EVENT_SOURCE,
      DetailType: `transaction.${transaction.outcome.toLowerCase()}`,
      Detail: `{"webhookId":${JSON.stringify(webhookId)},${body.slice(1)}`,
      Time: new Date(transaction.occurredAt),
    };
    try {
      const { FailedEntryCount = 0, Entries = [] } = await this.#client.send(
        new PutEventsCommand({ Entries: [entry] }),
        { abortSignal: AbortSignal.timeout(deadlineMs) },
      );
      const [first] = Entries;
      if (FailedEntryCount === 0 && first?.ErrorCode === undefined && first?.EventId !== undefined)
        return sent(first.EventId);
      const { ErrorCode: code = "nothing", ErrorMessage: said = "" } = first ?? {};
      return code === "nothing"
        ? failedAs("service", "EventBridge has not said what became of the event")
        : outcomeOf(FAULTS[code] ?? "theirs", `EventBridge says ${code}: ${said}`);
    } catch (error) {
      return awsOutcome(error, OF_CALL);
    }
  }
}
