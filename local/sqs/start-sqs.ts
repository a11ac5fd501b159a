/**
 * SQS and S3 as a part of the stack: `fauxqs` in a process of its own, so that its work and the worker's do not share
 * one thread.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalError } from "../local-error.ts";
import type { LocalCredentials } from "../local-stack.ts";
import { ACCOUNT_ID, CREDENTIALS, LOOPBACK } from "../machine.ts";
import { ownProgram } from "../processes/own-program.ts";
import { portError } from "../processes/ports.ts";
import type { PutObject } from "../s3/serve-uploads.ts";
import type { ProcessRegister } from "../processes/process-register.ts";
import { startChild } from "../processes/start-child.ts";
import type { QueueTraffic } from "./queue-traffic.ts";
import type { SqsServerMessage } from "./sqs-server.ts";

export interface QueueCounts {
  readonly waiting: number;
  readonly inFlight: number;
}

export interface LocalSqs {
  readonly endpoint: string;
  readonly ended: Promise<string>;
  readonly urlOf: (queueName: string) => string;
  readonly counts: (queueName: string) => Promise<QueueCounts>;
  /**
   * Age in seconds of the oldest message that was not deleted, 0 for an empty queue; undefined when there is no such
   * queue.
   */
  readonly oldestAgeSeconds: (queueName: string) => Promise<number | undefined>;
  /** Since the server started. */
  readonly traffic: (queueName: string) => Promise<QueueTraffic>;
  /** How many transactions have messages in it. */
  readonly transactions: (queueName: string) => Promise<number>;
  /** Told of each object that is put into a bucket from now on. */
  readonly onObject: (listener: (object: PutObject) => void) => void;
  stop(): Promise<void>;
}

export interface SqsOptions {
  readonly port: number;
  /** In memory when left out. */
  readonly dataDirectory?: string;
  readonly logDirectory: string;
  readonly register: ProcessRegister;
  /** With which uploads by a form must be signed. @default those of this machine */
  readonly credentials?: LocalCredentials;
}

const SERVER = fileURLToPath(ownProgram("./sqs-server", import.meta));

export async function startSqs(options: SqsOptions): Promise<LocalSqs> {
  const { port, dataDirectory, credentials: { accessKeyId, secretAccessKey } = CREDENTIALS } = options;
  const logFile = join(options.logDirectory, "sqs.log");
  const child = startChild({
    program: SERVER,
    args: [String(port), accessKeyId, secretAccessKey, ...(dataDirectory === undefined ? [] : [dataDirectory])],
    nodeFlags: ["--disable-warning=ExperimentalWarning"],
    environment: {},
    logFile,
  });
  options.register.note("sqs", child.pid);
  const started = new Promise<SqsServerMessage>((resolve) => {
    child.process.once("message", (message) => resolve(message as SqsServerMessage));
  });
  const first = await Promise.race([started, child.ended]);
  if (typeof first === "string")
    throw new LocalError(
      "LOCAL_PART_FAILED",
      `The SQS server did not start (${first}); its last words are in ${logFile}.`,
    );
  if (first.kind === "port refused") throw portError(first, port, "SQS", "--port-sqs");

  const endpoint = `http://${LOOPBACK}:${port}`;
  return {
    endpoint,
    ended: child.ended,
    urlOf: (queueName) => `${endpoint}/${ACCOUNT_ID}/${queueName}`,
    async counts(queueName) {
      const queues = (await getJson(`${endpoint}/_fauxqs/queues`)) as readonly {
        readonly name: string;
        readonly approximateMessageCount: number;
        readonly approximateInflightCount: number;
        readonly approximateDelayedCount: number;
      }[];
      const queue = queues.find(({ name }) => name === queueName);
      return {
        waiting: (queue?.approximateMessageCount ?? 0) + (queue?.approximateDelayedCount ?? 0),
        inFlight: queue?.approximateInflightCount ?? 0,
      };
    },
    async oldestAgeSeconds(queueName) {
      const response = (await getJson(`${endpoint}/_local/queues/${encodeURIComponent(queueName)}/oldest`)) as {
        readonly ageSeconds?: number;
      };
      return response.ageSeconds;
    },
    async traffic(queueName) {
      return (await getJson(`${endpoint}/_local/queues/${encodeURIComponent(queueName)}/traffic`)) as QueueTraffic;
    },
    async transactions(queueName) {
      const path = `${endpoint}/_local/queues/${encodeURIComponent(queueName)}/transactions`;
      return ((await getJson(path)) as { readonly count: number }).count;
    },
    onObject(listener) {
      child.process.on("message", (message) => {
        const said = message as SqsServerMessage;
        if (said.kind === "object put") listener(said.object);
      });
    },
    async stop() {
      child.process.kill("SIGTERM");
      await child.ended;
    },
  };
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  return response.json();
}
