/**
 * Redrive of dead letters, which `fauxqs` does not have: StartMessageMoveTask, ListMessageMoveTasks,
 * CancelMessageMoveTask and ListDeadLetterSourceQueues, as SQS answers them. A message that is moved is a new one, with
 * another id and its attributes, group and deduplication id; one that was sent to the dead letters rather than moved
 * there by SQS has no source to go back to (SQS API reference, StartMessageMoveTask).
 *
 *   RUNNING -> COMPLETED   nothing more is visible in the source
 *           -> FAILED      a message has no source, and no destination was named
 *           -> CANCELLED   asked for
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsRefusal } from "../aws-refusal.ts";
import type { FauxqsMessage, FauxqsQueue, FauxqsSqsStore } from "./fauxqs-internals.ts";

interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  failure?: string;
}

export interface MessageMovesOptions {
  readonly store: FauxqsSqsStore;
  /** Queue that SQS moved it to the dead letters from; undefined for one that was sent there. */
  readonly sourceOf: (message: FauxqsMessage) => string | undefined;
  /** Sends it as a new message with all that it has. */
  readonly send: (queue: FauxqsQueue, message: FauxqsMessage) => void;
}

type Request = Readonly<Record<string, unknown>>;

const FASTEST_PER_SECOND = 500;
const MOST_LISTED = 10;
const VISIBILITY_SECONDS = 60;

export class MessageMoves {
  readonly #options: MessageMovesOptions;
  readonly #tasks: MoveTask[] = [];

  constructor(options: MessageMovesOptions) {
    this.#options = options;
  }

  /** @returns undefined for an action that is none of these. @throws AwsRefusal */
  respond(action: string, request: Request): object | undefined {
    switch (action) {
      case "StartMessageMoveTask":
        return this.#start(request);
      case "ListMessageMoveTasks":
        return this.#list(request);
      case "CancelMessageMoveTask":
        return this.#cancel(request);
      case "ListDeadLetterSourceQueues":
        return this.#sources(request);
      default:
        return undefined;
    }
  }

  #start(request: Request): object {
    const source = this.#queue(request["SourceArn"]);
    const destinationArn = request["DestinationArn"] as string | undefined;
    const perSecond = request["MaxNumberOfMessagesPerSecond"] as number | undefined;
    if (destinationArn !== undefined && this.#queue(destinationArn).isFifo() !== source.isFifo())
      throw new AwsRefusal("InvalidParameterValue", "Source and destination must both be FIFO queues, or neither.");
    if (perSecond !== undefined && !(perSecond >= 1 && perSecond <= FASTEST_PER_SECOND))
      throw new AwsRefusal("InvalidParameterValue", `MaxNumberOfMessagesPerSecond: 1 to ${FASTEST_PER_SECOND}.`);
    if (this.#sourcesOf(source).length === 0)
      throw new AwsRefusal("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
    if (this.#tasks.some(({ sourceArn, status }) => sourceArn === source.arn && status === "RUNNING"))
      throw new AwsRefusal("UnsupportedOperation", "There is already a task running. Only one active task is allowed.");
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString("base64"),
      sourceArn: source.arn,
      destinationArn,
      perSecond,
      startedAt: Date.now(),
      toMove: source.inspectMessages().ready.length,
      moved: 0,
      status: "RUNNING",
    };
    this.#tasks.unshift(task);
    void this.#run(task, source);
    return { TaskHandle: task.handle };
  }

  async #run(task: MoveTask, source: FauxqsQueue): Promise<void> {
    while (task.status === "RUNNING") {
      // Later than the answer to whoever started it, and no faster than asked for.
      await sleep(task.perSecond === undefined ? 0 : 1000 / task.perSecond);
      if (task.status !== "RUNNING") return;
      const [taken] = source.dequeue(1, VISIBILITY_SECONDS);
      const message = taken && source.inflightMessages.get(taken.ReceiptHandle)?.message;
      if (taken === undefined || message === undefined) {
        task.status = "COMPLETED";
        return;
      }
      const to = this.#options.store.getQueueByArn(task.destinationArn ?? this.#options.sourceOf(message) ?? "");
      if (to === undefined) {
        source.changeVisibility(taken.ReceiptHandle, 0);
        Object.assign(task, { status: "FAILED", failure: "CouldNotDetermineMessageSource" });
        return;
      }
      this.#options.send(to, message);
      source.deleteMessage(taken.ReceiptHandle);
      task.moved += 1;
    }
  }

  #list(request: Request): object {
    const { arn } = this.#queue(request["SourceArn"]);
    const most = Math.min(MOST_LISTED, Number(request["MaxResults"] ?? 1));
    const tasks = this.#tasks.filter(({ sourceArn }) => sourceArn === arn).slice(0, most);
    return { Results: tasks.map(described) };
  }

  #cancel(request: Request): object {
    const task = this.#tasks.find(({ handle, status }) => handle === request["TaskHandle"] && status === "RUNNING");
    if (task === undefined) throw new AwsRefusal("ResourceNotFoundException", "Task does not exist.");
    task.status = "CANCELLED";
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  #sources(request: Request): object {
    const url = String(request["QueueUrl"]);
    const queue = this.#options.store.getQueueByName(url.slice(url.lastIndexOf("/") + 1));
    if (queue === undefined) throw new AwsRefusal("QueueDoesNotExist", "The specified queue does not exist.");
    return { queueUrls: this.#sourcesOf(queue).map((source) => source.url) };
  }

  #sourcesOf({ arn }: FauxqsQueue): FauxqsQueue[] {
    return [...this.#options.store.allQueues()].filter(({ attributes }) => {
      const policy = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as { readonly deadLetterTargetArn?: string };
      return nameOf(policy.deadLetterTargetArn) === nameOf(arn);
    });
  }

  #queue(arn: unknown): FauxqsQueue {
    const queue = typeof arn === "string" ? this.#options.store.getQueueByArn(arn) : undefined;
    if (queue !== undefined) return queue;
    throw new AwsRefusal("ResourceNotFoundException", "The resource that you specified for the ARN doesn't exist.");
  }
}

/** This machine is one region only, whatever a client calls it. */
function nameOf(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf(":") + 1);
}

function described(task: MoveTask): object {
  return {
    ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}
