/**
 * What a person, or another program, does to the queues by hand: purges one, sends what makes no sense, puts dead letters back, takes
 * what is for tasks of tomorrow. Goes past the proxies.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetter } from "../../demo/account.ts";
import { deadLetterOf, messagesIn } from "../../demo/read-dead-letters.ts";
import type { Random } from "../../demo/seeded-random.ts";
import { poisonMessages } from "../plan/poison-message.ts";
import type { WrittenTransaction } from "./take-account.ts";

export interface QueueOperatorOptions {
  readonly client: SQSClient;
  readonly confirmationsUrl: string;
  readonly deadLettersUrl: string;
  readonly written: () => readonly WrittenTransaction[];
  readonly random: Random;
}

export class QueueOperator {
  readonly #options: QueueOperatorOptions;
  readonly #putBack: DeadLetter[] = [];
  #sent = 0;

  constructor(options: QueueOperatorOptions) {
    this.#options = options;
  }

  /** Dead letters that were seen and put back. */
  get lettersPutBack(): readonly DeadLetter[] {
    return this.#putBack;
  }

  /** Messages in the confirmations queue, in flight or not. */
  queued(): Promise<number> {
    return messagesIn(this.#options.client, this.#options.confirmationsUrl);
  }

  async take(handle: string): Promise<void> {
    const { client, confirmationsUrl } = this.#options;
    await client.send(new DeleteMessageCommand({ QueueUrl: confirmationsUrl, ReceiptHandle: handle }));
  }

  async purge(): Promise<void> {
    await this.#options.client.send(new PurgeQueueCommand({ QueueUrl: this.#options.confirmationsUrl }));
  }

  async poison(): Promise<void> {
    const known = this.#options.written().flatMap(({ transactionId, versions }) => {
      const version = versions.at(-1);
      return version === undefined ? [] : [{ transactionId, version }];
    });
    this.#sent += 1;
    for (const { body, groupId } of poisonMessages(known, `poison-${this.#sent}`, this.#options.random))
      await this.#send(body, groupId);
  }

  /** Takes up to so many letters of transactions and sends each as it is. */
  async putBack(letters: number): Promise<void> {
    const { client, deadLettersUrl } = this.#options;
    for (let put = 0; put < letters; put += 1) {
      const { Messages: [letter] = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLettersUrl,
          MaxNumberOfMessages: 1,
          MessageSystemAttributeNames: ["MessageGroupId"],
        }),
      );
      if (letter === undefined) return;
      const { Body: body = "", ReceiptHandle, Attributes } = letter;
      const read = deadLetterOf(body);
      if (read.code === "message_unreadable") {
        await client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl: deadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 }),
        );
        continue;
      }
      this.#putBack.push(read);
      await this.#send(body, Attributes?.MessageGroupId ?? "put-back");
      await client.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
    }
  }

  async #send(body: string, groupId: string): Promise<void> {
    this.#sent += 1;
    await this.#options.client.send(
      new SendMessageCommand({
        QueueUrl: this.#options.confirmationsUrl,
        MessageBody: body,
        MessageGroupId: groupId,
        MessageDeduplicationId: `operator-${this.#sent}`,
      }),
    );
  }
}
