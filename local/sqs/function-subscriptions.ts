/**
 * Subscriptions of functions to topics. SNS invokes them asynchronously, and what waits for a function outlives this
 * machine's programs: here each has a queue of its own, which is subscribed in its place. A message that fails is tried
 * twice more and then dropped, as Lambda does (Developer Guide, "How Lambda handles errors and retries with
 * asynchronous invocation"), but after a second and not after minutes.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { numberOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import { arnOf } from "../machine.ts";
import type { QueueMappingDefinition } from "../queue/queue-mapping-definition.ts";

export interface FunctionSubscription {
  readonly logicalId: string;
  readonly topicArn: string;
  /** The queue in its place. */
  readonly queue: ResolvedResource & { readonly name: string };
  readonly mapping: QueueMappingDefinition;
}

type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const DEFAULT_TIMEOUT_SECONDS = 3;
const CONCURRENCY = 2;
/** Of names of queues, and of what stands before the logical id. */
const MOST_CHARACTERS = 80;
const PREFIX = "sns-";

/** @param arnOfFunction by its logical id */
export function functionSubscriptionsOf(
  subscriptions: readonly ResolvedResource[],
  functions: readonly ResolvedResource[],
  arnOfFunction: (logicalId: string) => string,
): FunctionSubscription[] {
  return subscriptions
    .filter(({ properties }) => properties["Protocol"] === "lambda")
    .map((subscription) => {
      const { logicalId } = subscription;
      const functionName = textOf(subscription, "Endpoint");
      const name = (PREFIX + logicalId).slice(0, MOST_CHARACTERS);
      const subscribed = functions.find((one) => arnOfFunction(one.logicalId) === functionName);
      const timeoutSeconds =
        subscribed === undefined ? DEFAULT_TIMEOUT_SECONDS : numberOf(subscribed, "Timeout", DEFAULT_TIMEOUT_SECONDS);
      // All attempts are made while it has the message.
      const VisibilityTimeout = String(ATTEMPTS * (timeoutSeconds + PAUSE_MS / 1000));
      return {
        logicalId,
        topicArn: textOf(subscription, "TopicArn"),
        queue: { logicalId: name, type: "AWS::SQS::Queue", name, properties: { VisibilityTimeout } },
        mapping: {
          queueName: name,
          queueArn: arnOf("sqs", name),
          functionName,
          batchSize: 1,
          concurrency: CONCURRENCY,
          reportsItemFailures: false,
        },
      };
    });
}

/** The same subscriptions with the queues in the place of functions. */
export function ofQueuesAlone(
  subscriptions: readonly ResolvedResource[],
  ofFunctions: readonly FunctionSubscription[],
): ResolvedResource[] {
  return subscriptions.map((subscription) => {
    const found = ofFunctions.find(({ logicalId }) => logicalId === subscription.logicalId);
    if (found === undefined) return subscription;
    const { RawMessageDelivery: _raw, ...properties } = subscription.properties;
    return { ...subscription, properties: { ...properties, Protocol: "sqs", Endpoint: found.mapping.queueArn } };
  });
}

/**
 * Invokes with the event of SNS what a mapping of the queue would invoke with that of SQS.
 * @param signal what is under way when this is aborted stays in the queue
 */
export function asTopic({ topicArn }: FunctionSubscription, invoke: Invoke, signal: AbortSignal): Invoke {
  return async (functionName, event) => {
    const [message] = (event as { readonly Records: readonly { readonly body: string }[] }).Records;
    const given = snsEvent(topicArn, message?.body ?? "{}");
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await invoke(functionName, given);
      } catch (error) {
        if (signal.aborted) throw error;
        // Its log says why.
        if (attempt === ATTEMPTS) return undefined;
      }
      await sleep(PAUSE_MS, undefined, { signal });
    }
  };
}

/** @param body what SNS puts into a queue without raw delivery */
export function snsEvent(topicArn: string, body: string): object {
  const { SigningCertURL, UnsubscribeURL, ...message } = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: `${topicArn}:local`,
        Sns: {
          Subject: null,
          MessageAttributes: {},
          ...message,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: UnsubscribeURL,
        },
      },
    ],
  };
}
