/**
 * Every call to AWS that a transaction needs on its way, and nothing of what the pipeline does in between: no function,
 * no worker, no webhook. Batches are as large as the pipeline's; what comes from one call goes into the next.
 */
import { confirmStatement } from "../../../core/aws/statements/confirm.ts";
import { type Accepted, contentOf } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { Batcher } from "../../../core/concurrency/batcher.ts";
import { deduplicationId, encodeMessage } from "../../../core/transaction/message.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import type { Emulators } from "./emulators.ts";
import { readStream } from "./read-stream.ts";

interface Delivered {
  readonly transactionId: string;
  readonly content: Accepted;
}

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

const SEND_ENTRIES = 10;
const READ_KEYS = 100;
const WRITE_STATEMENTS = 25;
/** Few and full: the database does one thing after the other. */
const LINGER_MS = 20;
const IN_FLIGHT = 2;
const RECEIVERS = 8;
const WAIT_SECONDS = 1;
const VISIBILITY_SECONDS = 60;
const SETTLED_DAYS = 30;

export class BareDriver {
  readonly #emulators: Emulators;
  readonly #reads: Batcher<string, Accepted>;
  readonly #writes: Batcher<Delivered, void>;
  readonly #stopping = new AbortController();
  readonly #work: Promise<unknown>;
  #done = 0;
  #failure: unknown;

  constructor(emulators: Emulators) {
    this.#emulators = emulators;
    const batch = { lingerMs: LINGER_MS, maxInFlight: IN_FLIGHT };
    this.#reads = new Batcher({ ...batch, maxSize: READ_KEYS, run: (ids: string[]) => this.#read(ids) });
    this.#writes = new Batcher({ ...batch, maxSize: WRITE_STATEMENTS, run: (some: Delivered[]) => this.#write(some) });
    const { signal } = this.#stopping;
    this.#work = Promise.all([
      readStream(emulators, (ids) => this.#send(ids), signal),
      ...Array.from({ length: RECEIVERS }, () => this.#receive(signal)),
    ]);
    this.#work.catch((error: unknown) => (this.#failure = error));
  }

  /** @throws whatever a call was answered with in place of a 200 */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  /** Transactions of which the message was deleted, and so all was done. @throws what `stop` throws */
  get done(): number {
    if (this.#failure !== undefined) throw new Error("a call of the driver failed", { cause: this.#failure });
    return this.#done;
  }

  async #send(transactionIds: readonly string[]): Promise<void> {
    const { aws, confirmationsQueueUrl: QueueUrl } = this.#emulators;
    const sends: Promise<unknown>[] = [];
    for (let next = 0; next < transactionIds.length; next += SEND_ENTRIES) {
      const Entries = transactionIds.slice(next, next + SEND_ENTRIES).map((transactionId, index) => {
        const message = { transactionId, version: 1, release: 0 };
        return {
          Id: String(index),
          MessageBody: encodeMessage(message),
          MessageGroupId: transactionId,
          MessageDeduplicationId: deduplicationId(message),
        };
      });
      sends.push(aws.sqs("SendMessageBatch", { QueueUrl, Entries }));
    }
    await Promise.all(sends);
  }

  async #receive(signal: AbortSignal): Promise<void> {
    const { aws, confirmationsQueueUrl: QueueUrl } = this.#emulators;
    while (!signal.aborted) {
      const { Messages = [] } = await aws.sqs<{ Messages?: Message[] }>("ReceiveMessage", {
        QueueUrl,
        MaxNumberOfMessages: SEND_ENTRIES,
        VisibilityTimeout: VISIBILITY_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ["MessageGroupId", "ApproximateReceiveCount", "SentTimestamp"],
      });
      await this.#handle(Messages);
    }
  }

  async #handle(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { aws, confirmationsQueueUrl: QueueUrl } = this.#emulators;
    await Promise.all(
      messages.map(async ({ Body }) => {
        const { transactionId } = JSON.parse(Body) as { transactionId: string };
        const content = await this.#reads.add(transactionId);
        await this.#writes.add({ transactionId, content });
      }),
    );
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await aws.sqs("DeleteMessageBatch", { QueueUrl, Entries });
    this.#done += messages.length;
  }

  async #read(transactionIds: readonly string[]): Promise<Accepted[]> {
    const { aws, transactionsTable } = this.#emulators;
    const Keys = transactionIds.map((id) => ({ transactionId: { S: id } }));
    const { Responses } = await aws.dynamodb<{ Responses: Record<string, AttributeMap[]> }>("BatchGetItem", {
      RequestItems: { [transactionsTable]: { Keys, ConsistentRead: true } },
    });
    const rows = new Map(Responses[transactionsTable]?.map((row) => [row["transactionId"]?.S ?? "", row]));
    return transactionIds.map((id) => contentIn(rows.get(id) ?? {}));
  }

  async #write(delivered: readonly Delivered[]): Promise<void[]> {
    const { aws, transactionsTable } = this.#emulators;
    const now = Date.now();
    const attempt = { at: now, durationMs: 1, outcome: "delivered", status: 200 } as const;
    const progress = { attemptCount: 1, attempts: [attempt], giveUpAt: now };
    const Statements = delivered.map(({ transactionId, content }) => {
      const target = { transactionId, version: 1, release: 0 };
      const { text, parameters } = confirmStatement(transactionsTable, target, progress, content, now, SETTLED_DAYS);
      return { Statement: text, Parameters: parameters };
    });
    const { Responses } = await aws.dynamodb<{ Responses: { Error?: unknown }[] }>("BatchExecuteStatement", {
      Statements,
    });
    const refused = Responses.find(({ Error: error }) => error !== undefined);
    if (refused !== undefined) throw new Error(`a record was refused: ${JSON.stringify(refused)}`);
    return Array.from({ length: delivered.length });
  }
}

function contentIn(row: AttributeMap): Accepted {
  const parsed = parseTransaction(row);
  if ("faults" in parsed) throw new Error(`a row cannot be read: ${parsed.faults.join("; ")}`);
  return contentOf(parsed.transaction);
}
