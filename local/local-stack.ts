/**
 * What the stack on this machine offers to the programs that start it (`npm start`, the demo, flow tests).
 * Types and names only: `startLocalStack` in `stack.ts` makes one. Every endpoint is on loopback.
 */
import type { Settings, SettingsInput } from "../core/settings/settings.ts";
import type { LocalApp } from "./local-app.ts";
import type { ExpectedLoad } from "./dynamodb/expected-load.ts";
import type { ProcessIdentity } from "./processes/process-identity.ts";

/** Ports of the parts; 0 or left out means any free one. */
export interface LocalPorts {
  readonly dynamodb?: number;
  readonly sqs?: number;
  readonly api?: number;
  readonly control?: number;
  readonly issuer?: number;
  readonly console?: number;
  /** Of the mailbox, where there is one. */
  readonly smtp?: number;
}

/** The word of what is happening, for a person or a log. Default of the stack: nothing is written. */
export type LocalLog = (line: string) => void;

/** Where the servers listen, or where a program is told that they do: `http://127.0.0.1:<port>`. */
export interface ServerAddresses {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  readonly cloudwatch: string;
  readonly secrets: string;
  readonly kms: string;
}

/** Who calls the servers. */
export const CALLERS = ["worker", "functions"] as const;
export type Caller = (typeof CALLERS)[number];

/**
 * What stands between the programs and all that they work with, for suites that inject faults. A deployment has nothing
 * of it.
 */
export interface Interposition {
  /** Where the worker and the functions find the servers, given where those listen. @default where they listen */
  readonly addresses?: (servers: ServerAddresses) => Promise<Readonly<Record<Caller, ServerAddresses>>>;
  /** Stands around every invocation of a function. @default the invocation alone */
  readonly invocation?: (
    functionName: string,
    event: unknown,
    invoke: (event: unknown) => Promise<unknown>,
  ) => Promise<unknown>;
  /**
   * A module that every program loads before its own code (`node --import`), and variables for it by the program's
   * name.
   */
  readonly preload?: {
    readonly module: string;
    readonly environment: (program: string) => Readonly<Record<string, string>>;
  };
}

/** A DynamoDB Local that keeps the tables of each access key apart, so that several stacks may have it. */
export interface RunningDynamoDb {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Of the stack that has its tables there; the key id has letters and digits alone. */
  readonly credentials: LocalCredentials;
  /** Resolves when it ended, wanted or not. */
  readonly ended: Promise<string>;
}

export interface LocalStackOptions {
  /** Directory of the state: databases, checkpoints, secrets, pid file, logs. Made when missing. */
  readonly stateDirectory: string;
  /** Throw away whatever state is there before starting. @default false */
  readonly fresh?: boolean;
  /**
   * Keep tables and queues on disk, so that a killed stack goes on when started again.
   * @default false: all in memory
   */
  readonly persistent?: boolean;
  /** What DynamoDB Local is to be quick at: its first minutes, or what comes after them. @default "brief" */
  readonly load?: ExpectedLoad;
  /** One that runs already, in memory, and goes on when the stack stops. @default one of the stack's own */
  readonly dynamodb?: RunningDynamoDb;
  /** The CDK app: the folder of a project with a `cdk.json`, or a function that makes the app. */
  readonly app: LocalApp;
  /** Name of the stack that is brought up, or its id in the app. @default the only one */
  readonly stack?: string | undefined;
  /** Folder of the console's built files, asked for when a page is opened. @default those of the installed package */
  readonly consoleFiles?: (() => Promise<string>) | undefined;
  /** @default any free ports */
  readonly ports?: LocalPorts;
  /** Between two reads of a stream that has nothing more: the longer, the less an idle stack takes. @default 20 */
  readonly streamPollMs?: number;
  /** Of the pipeline, as a deployment takes them; the app is handed them, with what this machine adds. */
  readonly settings: SettingsInput;
  /**
   * Address of the SMTP server that mails are handed to, `smtp://host:port`, where `channels.kinds` has email.
   * @default a mailbox of the stack's own, which keeps them as files below the state directory
   */
  readonly smtpUrl?: string | undefined;
  /** Who started this program: when it is gone, the next start takes the state over. @default nobody */
  readonly starter?: ProcessIdentity | undefined;
  /** Lines of progress and trouble. @default none */
  readonly log?: LocalLog;
  /** @default nothing: the programs reach the servers directly */
  readonly interposition?: Interposition;
}

/** Addresses, `http://127.0.0.1:<port>`, without a slash at the end. */
export interface LocalEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  /**
   * Base of the REST API's stage, for example `http://127.0.0.1:3000/prod`. `${api}/confirmation` is the reference
   * merchant.
   */
  readonly api: string;
  readonly cloudwatch: string;
  readonly secrets: string;
  readonly kms: string;
  /** For `aws lambda invoke` and the like. */
  readonly lambda: string;
  /** The console, for a browser. */
  readonly console: string;
  /** Of access tokens: the stack's own, `POST <issuer>/token` gives them out, or the one of the settings. */
  readonly issuer: string;
}

export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The worker of the task definition as a child process; started again with backoff when it ends by itself, as ECS
 * would. In small-account mode the function that calls merchants, in processes of its own.
 */
export interface LocalWorker {
  /** Process id of the one that runs now; undefined while none runs. Of a function, of one that is at work. */
  readonly pid: number | undefined;
  /** Whether it takes messages, or will as soon as there are any. */
  readonly isRunning: boolean;
  /** Times that a worker was started, the first included. */
  readonly starts: number;
  /**
   * Resolves when that process has ended, or each of the function's. It is started again unless `stop` or the stack's
   * `stop` asked for the end.
   */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** SIGTERM, wait for the end (SIGKILL after the task's stop timeout), do not start again. */
  stop(): Promise<void>;
  /**
   * Starts the worker after `stop`, or a new one in place of the running one. Resolves when it says that it is ready.
   */
  restart(): Promise<void>;
}

/** Cheap numbers for a live line; none of them scans a table. */
export interface LocalCounters {
  /** Transactions (versions) inserted or raised, seen in the stream since the start of this process. */
  readonly seen: number;
  /** Settled CONFIRMED, seen in the stream since the start of this process. */
  readonly confirmed: number;
  /** Settled FAILED, seen in the stream since the start of this process. */
  readonly failed: number;
  /** Rows that are SCHEDULED. */
  readonly parked: number;
  /** Of those parked, the ones that wait for their merchant: paused, circuit open, no room. */
  readonly waitingForMerchant: number;
  /** Messages in the confirmations queue and the ordered one, waiting plus in flight. */
  readonly queued: number;
  readonly inFlight: number;
  /** Transactions with a message in the dead-letter queue, or several. */
  readonly deadLetters: number;
  /** Records that the mappings of the stream have not handled yet, as far as read. */
  readonly streamBacklog: number;
}

export interface MailPlace {
  /** Of the SMTP server that mails are handed to. */
  readonly smtpUrl: string;
  /** Where the stack's own mailbox keeps them, `*.eml`. @default the server is another's */
  readonly directory?: string;
}

export interface LocalStack {
  readonly endpoints: LocalEndpoints;
  readonly region: string;
  readonly credentials: LocalCredentials;
  readonly settings: Settings;
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  readonly confirmationsQueueUrl: string;
  readonly orderedQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The master keys that the secret holds, as JSON text: what `parseMasterKeys` of core/signing/signature.ts takes. */
  readonly masterKeys: string;
  /** Addresses of the app's own REST APIs, each with its stage, by the name of the API. */
  readonly ownApis: Readonly<Record<string, string>>;
  /** CloudFormation outputs, resolved to local values. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly worker: LocalWorker;
  /** Where mails are; undefined where no channel sends any. */
  readonly mail?: MailPlace;
  /** Address of a list of SMS, WhatsApp messages and events that were sent; undefined where no channel sends any. */
  readonly messages?: string;
  /** AWS_* variables with which any AWS SDK or CLI talks to this stack (endpoints, region, credentials). */
  readonly environment: Readonly<Record<string, string>>;
  /** Invokes a function of the template by its function name; resolves with its response, rejects with its error. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Ends what a function is at now, as Lambda does at its time limit. @returns how many invocations */
  endInvocations(functionName: string): Promise<number>;
  counters(): Promise<LocalCounters>;
  /**
   * Resolves when a part that everything needs has ended by itself (DynamoDB, SQS); the stack is of no use then, `stop`
   * it.
   */
  readonly broken: Promise<Error>;
  /** Graceful: worker first (SIGTERM), then mappings and schedules, then the servers. Safe to call twice. */
  stop(): Promise<void>;
}
