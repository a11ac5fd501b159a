/**
 * What a program had in hand of a queue that was killed comes again when its visibility is over, after minutes as a
 * rule. Nobody waits for that here: it is given out again at once.
 */
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Interposition } from "../../local/local-stack.ts";
import type { Pipeline } from "./pipeline.ts";

/** Receipt handles that were given out, with the URLs of their queues. */
export type Given = ReadonlyMap<string, string>;

/** What was deleted meanwhile stays so. */
export async function giveAgain(given: Given, sqs: SQSClient): Promise<void> {
  const of = [...given].map(([ReceiptHandle, QueueUrl]) => ({ ReceiptHandle, QueueUrl, VisibilityTimeout: 0 }));
  await Promise.all(of.map((one) => sqs.send(new ChangeMessageVisibilityCommand(one)).catch(() => undefined)));
}

/**
 * Of a function's invocations: what one had that has failed.
 *
 * @param running the pipeline, once it runs
 * @param before is done with the bodies of its messages. @default nothing
 */
export function givenAgain(
  functionName: string,
  running: () => Pick<Pipeline, "sqs" | "stack">,
  before: (bodies: readonly string[]) => Promise<void> = async () => undefined,
): NonNullable<Interposition["invocation"]> {
  return async (name, event, invoke) => {
    try {
      return await invoke(event);
    } catch (error) {
      if (name.endsWith(functionName)) {
        const { sqs, stack } = running();
        const { Records = [] } = event as Batch;
        await before(Records.map(({ body }) => body));
        await giveAgain(givenOf(Records, stack.endpoints.sqs), sqs);
      }
      throw error;
    }
  };
}

/** Lambda's event. */
interface Batch {
  readonly Records?: readonly {
    readonly body: string;
    readonly receiptHandle: string;
    readonly eventSourceARN: string;
  }[];
}

function givenOf(records: NonNullable<Batch["Records"]>, sqsEndpoint: string): Given {
  return new Map(
    records.map(({ receiptHandle, eventSourceARN }) => {
      const [account = "", name = ""] = eventSourceARN.split(":").slice(-2);
      return [receiptHandle, `${sqsEndpoint}/${account}/${name}`];
    }),
  );
}
