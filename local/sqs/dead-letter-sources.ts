/**
 * Which queue SQS moved a dead letter from, as its attribute `DeadLetterQueueSourceArn` says in an account; `fauxqs`
 * forgets it. It is not kept on disk: after a restart no source is known. A message that is moved has its own id for a
 * deduplication id, or what is put back within five minutes would be taken for its own repetition (SQS Developer Guide,
 * "Configure a dead-letter queue redrive").
 */
interface MovedMessage {
  readonly messageId: string;
  messageDeduplicationId?: string;
}

type Resolver = (arn: string) => { enqueue(message: MovedMessage): void } | undefined;

/** The part of a queue of `fauxqs` that this rests on. */
export interface RedrivenQueue {
  readonly arn: string;
  dequeue(maxCount: number, visibilitySeconds?: number, deadLetters?: Resolver): { readonly ReceiptHandle: string }[];
}

/** @param prototype of the queue's class; once for the process */
export function noteDeadLetterSources(prototype: RedrivenQueue): (message: object) => string | undefined {
  const sources = new WeakMap<object, string>();
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the queue that it is a method of
  const { dequeue } = prototype;
  prototype.dequeue = function (maxCount, visibilitySeconds, deadLetters) {
    const noting: Resolver = (arn) => {
      const to = deadLetters?.(arn);
      if (to === undefined) return undefined;
      return {
        enqueue: (message) => {
          sources.set(message, this.arn);
          message.messageDeduplicationId = message.messageId;
          to.enqueue(message);
        },
      };
    };
    return dequeue.call(this, maxCount, visibilitySeconds, deadLetters && noting);
  };
  return (message) => sources.get(message);
}
