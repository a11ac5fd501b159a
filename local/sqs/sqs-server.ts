/**
 * A child program that serves SQS and S3 on loopback (`fauxqs`). Arguments: port, access key and its secret, then the
 * data directory or nothing for memory. Adds redrive, and looks at a queue that SQS offers through CloudWatch only: the
 * age of its oldest message, and how many came and went.
 */
import { LOOPBACK } from "../machine.ts";
import { refuseOverwrites } from "./conditional-puts.ts";
import { serveMoves } from "./serve-moves.ts";
import { transactionsIn } from "./dead-letter-rows.ts";
import { buildFauxqs, type FauxqsMessage } from "./fauxqs-internals.ts";
import { countTraffic } from "./queue-traffic.ts";
import { type PutObject, serveUploads } from "../s3/serve-uploads.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

/** What this program says to its parent: how it started, once, and then of what is put into buckets. */
export type SqsServerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "object put"; readonly object: PutObject }
  /** With the operating system's code, such as `EADDRINUSE`. */
  | { readonly kind: "port refused"; readonly code: string };

const [port = "0", accessKeyId = "", secretAccessKey = "", dataDirectory] = process.argv.slice(2);
const { app, sqsStore, s3Store } = buildFauxqs(dataDirectory, `http://${LOOPBACK}:${port}`);

app.get<{ Params: { queueName: string } }>("/_local/queues/:queueName/oldest", (request, reply) => {
  const queue = sqsStore.getQueueByName(request.params.queueName);
  if (queue === undefined) return reply.status(404).send({ error: "no such queue" });
  const { ready, delayed, inflight } = queue.inspectMessages();
  let oldest: number | undefined;
  const look = (message: FauxqsMessage): void => {
    if (oldest === undefined || message.sentTimestamp < oldest) oldest = message.sentTimestamp;
  };
  for (const message of ready) look(message);
  for (const message of delayed) look(message);
  for (const { message } of inflight) look(message);
  return reply.send({ ageSeconds: oldest === undefined ? 0 : Math.max(0, Math.floor((Date.now() - oldest) / 1000)) });
});

const traffic = countTraffic(app);
app.get<{ Params: { queueName: string } }>("/_local/queues/:queueName/traffic", (request, reply) =>
  reply.send(traffic(request.params.queueName)),
);

app.get<{ Params: { queueName: string } }>("/_local/queues/:queueName/transactions", (request, reply) => {
  const { ready = [], inflight = [] } = sqsStore.getQueueByName(request.params.queueName)?.inspectMessages() ?? {};
  return reply.send({ count: transactionsIn([...ready, ...inflight.map(({ message }) => message)]) });
});

serveMoves(app, sqsStore);
refuseOverwrites(app, s3Store);
serveUploads(app, s3Store, { accessKeyId, secretAccessKey }, (object) => {
  process.send?.({ kind: "object put", object } satisfies SqsServerMessage);
});

process.on("SIGTERM", () => {
  void app.close().then(() => process.exit(0));
});

try {
  await app.listen({ port: Number(port), host: LOOPBACK });
  process.send?.({ kind: "ready" } satisfies SqsServerMessage);
} catch (error) {
  const { code = errorLine(error) } = error as NodeJS.ErrnoException;
  process.send?.({ kind: "port refused", code } satisfies SqsServerMessage, () => process.exit(1));
}
