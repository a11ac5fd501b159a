/** Counts what comes and goes at each queue of the embedded server, under the names that CloudWatch has for it. */
import { isObject } from "../assembly/template.ts";
import type { FauxqsParts } from "./fauxqs-internals.ts";

/** Since the server started. */
export interface QueueTraffic {
  readonly NumberOfMessagesSent: number;
  readonly NumberOfMessagesReceived: number;
  readonly NumberOfEmptyReceives: number;
  readonly NumberOfMessagesDeleted: number;
}

const NONE: QueueTraffic = {
  NumberOfMessagesSent: 0,
  NumberOfMessagesReceived: 0,
  NumberOfEmptyReceives: 0,
  NumberOfMessagesDeleted: 0,
};
const TARGET = "AmazonSQS.";

/** @returns what was counted for a queue until now */
export function countTraffic(app: FauxqsParts["app"]): (queueName: string) => QueueTraffic {
  const queues = new Map<string, QueueTraffic>();
  app.addHook("preSerialization", (request, reply, response, done) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const url = isObject(request.body) ? request.body["QueueUrl"] : undefined;
    if (target.startsWith(TARGET) && typeof url === "string" && reply.statusCode < 400) {
      const name = url.slice(url.lastIndexOf("/") + 1);
      const before = queues.get(name) ?? NONE;
      queues.set(name, added(before, target.slice(TARGET.length), isObject(response) ? response : {}));
    }
    done(null, response);
  });
  return (queueName) => queues.get(queueName) ?? NONE;
}

function added(before: QueueTraffic, action: string, response: Readonly<Record<string, unknown>>): QueueTraffic {
  const done = Array.isArray(response["Successful"]) ? response["Successful"].length : 1;
  const received = Array.isArray(response["Messages"]) ? response["Messages"].length : 0;
  switch (action) {
    case "SendMessage":
    case "SendMessageBatch":
      return { ...before, NumberOfMessagesSent: before.NumberOfMessagesSent + done };
    case "DeleteMessage":
    case "DeleteMessageBatch":
      return { ...before, NumberOfMessagesDeleted: before.NumberOfMessagesDeleted + done };
    case "ReceiveMessage":
      return {
        ...before,
        NumberOfMessagesReceived: before.NumberOfMessagesReceived + received,
        NumberOfEmptyReceives: before.NumberOfEmptyReceives + Number(received === 0),
      };
    default:
      return before;
  }
}
