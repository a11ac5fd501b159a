/**
 * The parts of `fauxqs` (pinned) that its entry point does not export. `startFauxqs` listens on all interfaces, names
 * queues by a host that no machine resolves, and loses a message that is given back while it is kept on disk; built
 * from its parts it does none of this. Its FIFO queues give out one message of a group per receive; `whole-groups.ts`
 * teaches them better.
 */
import { buildApp } from "fauxqs";
import { noteDeadLetterSources, type RedrivenQueue } from "./dead-letter-sources.ts";
import { noticeGoneClients, type PolledQueue, takeNothingForGone } from "./gone-clients.ts";
import { giveGroupsWhole, type GroupedQueue } from "./whole-groups.ts";

export interface FauxqsMessage {
  readonly sentTimestamp: number;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
}

export interface FauxqsQueue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly inflightMessages: ReadonlyMap<string, { readonly message: FauxqsMessage }>;
  persistence?: FauxqsPersistence;
  isFifo(): boolean;
  dequeue(maxCount: number, visibilitySeconds: number): { readonly ReceiptHandle: string }[];
  changeVisibility(receiptHandle: string, seconds: number): void;
  deleteMessage(receiptHandle: string): boolean;
  inspectMessages(): {
    readonly ready: readonly FauxqsMessage[];
    readonly delayed: readonly FauxqsMessage[];
    readonly inflight: readonly { readonly message: FauxqsMessage }[];
  };
}

export interface FauxqsSqsStore {
  host: string;
  persistence?: FauxqsPersistence;
  allQueues(): Iterable<FauxqsQueue>;
  getQueueByName(name: string): FauxqsQueue | undefined;
  getQueueByArn(arn: string): FauxqsQueue | undefined;
}

export interface FauxqsPersistence {
  readonly db: {
    exec(sql: string): void;
    prepare(sql: string): { run(...values: (string | number | null)[]): unknown };
  };
  updateMessageReady(messageId: string): void;
  load(sqs: FauxqsSqsStore, sns: object, s3: object): void;
  close(): void;
}

interface OtherStore {
  persistence?: FauxqsPersistence;
}

export interface FauxqsS3Store extends OtherStore {
  /** Throws where there is none. */
  headObject(bucket: string, key: string): { readonly contentLength: number; readonly etag: string };
}

const entry = import.meta.resolve("fauxqs");
const { SqsStore, SqsQueue } = (await import(new URL("sqs/sqsStore.js", entry).href)) as {
  SqsStore: new () => FauxqsSqsStore;
  SqsQueue: { readonly prototype: GroupedQueue & RedrivenQueue & PolledQueue };
};
const { SnsStore } = (await import(new URL("sns/snsStore.js", entry).href)) as { SnsStore: new () => OtherStore };
const { S3Store } = (await import(new URL("s3/s3Store.js", entry).href)) as { S3Store: new () => FauxqsS3Store };
const { PersistenceManager } = (await import(new URL("persistence.js", entry).href)) as {
  PersistenceManager: new (directory: string) => FauxqsPersistence;
};

const { sendMessage } = (await import(new URL("sqs/actions/sendMessage.js", entry).href)) as {
  sendMessage: (request: Readonly<Record<string, unknown>>, store: FauxqsSqsStore) => unknown;
};

giveGroupsWhole(SqsQueue.prototype);
takeNothingForGone(SqsQueue.prototype);
/** The ARN of the queue that SQS moved a message to the dead letters from. */
export const deadLetterSourceOf = noteDeadLetterSources(SqsQueue.prototype);

/** As a new message with body, attributes, group and deduplication id of this one. */
export function sendAgain(store: FauxqsSqsStore, { url }: FauxqsQueue, message: FauxqsMessage): void {
  sendMessage(
    {
      QueueUrl: url,
      MessageBody: message.body,
      MessageAttributes: message.messageAttributes,
      MessageGroupId: message.messageGroupId,
      MessageDeduplicationId: message.messageDeduplicationId,
    },
    store,
  );
}

export interface FauxqsParts {
  readonly app: ReturnType<typeof buildApp>;
  readonly sqsStore: FauxqsSqsStore;
  readonly s3Store: FauxqsS3Store;
}

/**
 * @param dataDirectory where queues, messages and objects are kept; in memory when left out.
 * @param origin of the queues' URLs
 */
export function buildFauxqs(dataDirectory: string | undefined, origin: string): FauxqsParts {
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Without a host of its own the store names queues by the host of the request, which is the endpoint.
  stores.sqsStore.host = "";
  const byArn = stores.sqsStore.getQueueByArn.bind(stores.sqsStore);
  // A client of another region finds the queues too: this machine is one region only.
  stores.sqsStore.getQueueByArn = (arn) =>
    byArn(arn) ?? stores.sqsStore.getQueueByName(arn.slice(arn.lastIndexOf(":") + 1));

  type AppOptions = NonNullable<Parameters<typeof buildApp>[0]>;
  const app = buildApp({ logger: false, stores: stores as unknown as NonNullable<AppOptions["stores"]> });
  noticeGoneClients(app);
  if (dataDirectory === undefined) return { app, ...stores };

  const persistence = new DurablePersistence(dataDirectory);
  persistence.moveQueuesTo(origin);
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of Object.values(stores)) store.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  app.addHook("preClose", () => persistence.close());
  return { app, ...stores };
}

class DurablePersistence extends PersistenceManager {
  constructor(directory: string) {
    super(directory);
    // What was written survives the end of this process, SIGKILL included, not a power failure; several times faster
    // than with it.
    this.db.exec("PRAGMA synchronous = OFF");
  }

  /** The port may differ from that of the last start. */
  moveQueuesTo(origin: string): void {
    this.db.prepare("UPDATE sqs_queues SET url = ? || '/000000000000/' || name").run(origin);
  }

  /**
   * The original clears the receive count too, which its own table forbids: the give-back fails and the message is
   * stuck.
   */
  override updateMessageReady(messageId: string): void {
    this.db
      .prepare("UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?")
      .run(messageId);
  }
}
