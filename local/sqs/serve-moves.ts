/** Has the embedded server answer the actions of `message-moves.ts`, before it refuses them as unknown. */
import { isObject } from "../assembly/template.ts";
import { AwsRefusal } from "../aws-refusal.ts";
import { deadLetterSourceOf, type FauxqsParts, type FauxqsSqsStore, sendAgain } from "./fauxqs-internals.ts";
import { MessageMoves } from "./message-moves.ts";

const TARGET = "AmazonSQS.";
const JSON_TYPE = "application/x-amz-json-1.0";

export function serveMoves(app: FauxqsParts["app"], store: FauxqsSqsStore): void {
  const moves = new MessageMoves({
    store,
    sourceOf: deadLetterSourceOf,
    send: (queue, message) => sendAgain(store, queue, message),
  });
  app.addHook("preHandler", async (request, reply) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (!target.startsWith(TARGET)) return;
    try {
      const answer = moves.respond(target.slice(TARGET.length), isObject(request.body) ? request.body : {});
      if (answer !== undefined) await reply.header("content-type", JSON_TYPE).send(answer);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      await reply
        .status(400)
        .header("content-type", JSON_TYPE)
        .header("x-amzn-query-error", `${error.awsCode};Sender`)
        .send({ __type: `com.amazonaws.sqs#${error.awsCode}`, message: error.message });
    }
  });
}
