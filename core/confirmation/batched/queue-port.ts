/** The queue as a confirmation sees it: batched, and shared with whatever else its messages may go to. */
import type { MessageQueue } from "../../aws/message-queue.ts";
import type { QueuePort } from "../ports.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { DeadLetters } from "./dead-letters.ts";

export interface QueuePortParts extends Pick<QueuePort, "failing" | "troubled" | "isStopping"> {
  readonly acknowledger: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  readonly deadLetters: DeadLetters;
  /** Where rows with an ordering key belong. */
  readonly ordered: Pick<MessageQueue, "send">;
}

export function queuePort(parts: QueuePortParts): QueuePort {
  const { acknowledger, deadLetters, ordered, failing, troubled, isStopping } = parts;
  return {
    delete: (message) => acknowledger.delete(message),
    giveBack: (message, seconds) => acknowledger.giveBack(message, seconds),
    extend: (message) => acknowledger.extend(message),
    sendDeadLetter: (letter, message) => deadLetters.send(letter, message),
    sendInOrder: (messages) => ordered.send(messages),
    failing,
    troubled,
    isStopping,
  };
}
