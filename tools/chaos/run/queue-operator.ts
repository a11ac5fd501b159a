/**
 * What a person, or another program, does to the queues by hand: purges some, sends what makes no sense, puts dead
 * letters back, takes what is for tasks of tomorrow. Goes past the proxies.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetter } from "../../../local/demo/evidence.ts";
import { deadLetterOf } from "../../../local/demo/read-dead-letters.ts";
import type { Random } from "../../../local/demo/seeded-random.ts";
import type { WorkQueue } from "../plan/fault.ts";
import { poisonMessages } from "../plan/poison-message.ts";
import type { Purge } from "./order-by-arrivals.ts";
import type { WrittenTransaction } from "./written-transaction.ts";

export interface QueueOperatorOptions {
  readonly client: SQSClient;
  /** URLs. */
  readonly queues: Readonly<Record<WorkQueue, string>>;
  readonly deadLettersUrl: string;
  readonly jobPartsUrl: string;
  readonly written: () => readonly WrittenTransaction[];
  readonly random: Random;
}

export class QueueOperator {
  readonly #options: QueueOperatorOptions;
  readonly #putBack: DeadLetter[] = [];
  readonly #reopened = new Set<string>();
  readonly #purges: Purge[] = [];
  #sent = 0;

  constructor(options: QueueOperatorOptions) {
    this.#options = options;
  }

  /** Dead letters that were seen and put back. */
  get lettersPutBack(): readonly DeadLetter[] {
    return this.#putBack;
  }

  /** Transactions whose dead letters, real ones or forged, were sent to a queue. */
  get reopened(): ReadonlySet<string> {
    return this.#reopened;
  }

  /** Of the ordered queue. */
  get purges(): readonly Purge[] {
    return this.#purges;
  }

  /** @param queueUrl as the programs know it */
  async take(queueUrl: string, handle: string): Promise<void> {
    const { client, queues } = this.#options;
    const QueueUrl = Object.values(queues).find((url) => new URL(url).pathname === new URL(queueUrl).pathname);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
  }

  async purge(which: readonly WorkQueue[]): Promise<void> {
    const { client, queues } = this.#options;
    for (const queue of which) {
      const fromMs = Date.now();
      await client.send(new PurgeQueueCommand({ QueueUrl: queues[queue] }));
      if (queue === "ordered") this.#purges.push({ fromMs, toMs: Date.now() });
    }
  }

  async purgeParts(): Promise<void> {
    const { client, jobPartsUrl } = this.#options;
    await client.send(new PurgeQueueCommand({ QueueUrl: jobPartsUrl }));
  }

  async poison(queue: WorkQueue): Promise<void> {
    const known = this.#options.written().flatMap(({ transactionId, versions }) => {
      const version = versions.at(-1);
      return version === undefined ? [] : [{ transactionId, version }];
    });
    this.#sent += 1;
    for (const { body, groupId, reopens } of poisonMessages(known, `poison-${this.#sent}`, this.#options.random)) {
      if (reopens !== undefined) this.#reopened.add(reopens);
      await this.#send(queue, body, groupId);
    }
  }

  /** Takes up to so many letters of transactions and sends each as it is. */
  async putBack(letters: number, queue: WorkQueue): Promise<void> {
    const { client, deadLettersUrl } = this.#options;
    for (let put = 0; put < letters; put += 1) {
      const { Messages: [letter] = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLettersUrl,
          MaxNumberOfMessages: 1,
          MessageSystemAttributeNames: ["MessageGroupId", "SentTimestamp"],
        }),
      );
      if (letter === undefined) return;
      const { Body: body = "", ReceiptHandle, Attributes } = letter;
      const read = deadLetterOf(body, Attributes?.SentTimestamp);
      if (read.code === "message_unreadable") {
        await client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl: deadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 }),
        );
        continue;
      }
      this.#putBack.push(read);
      this.#reopened.add(read.transactionId);
      await this.#send(queue, body, Attributes?.MessageGroupId ?? "put-back");
      await client.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
    }
  }

  async #send(queue: WorkQueue, body: string, groupId: string): Promise<void> {
    this.#sent += 1;
    await this.#options.client.send(
      new SendMessageCommand({
        QueueUrl: this.#options.queues[queue],
        MessageBody: body,
        MessageGroupId: groupId,
        MessageDeduplicationId: `operator-${this.#sent}`,
      }),
    );
  }
}
