/**
 * The few calls that are made for every confirmation, without the SDK: its middleware and (de)serialization take
 * several times the CPU time of the call itself. The SDK stays in charge of everything else: its first call shows where
 * the service is, its client says with which credentials to go there, and whatever does not come back as a plain 200 is
 * made once more by it, with its retries, its errors and its knowledge of clocks.
 */
import { dialler } from "../../http/dial.ts";
import { ConnectionPools } from "../../http/connection-pools.ts";
import { postRequest } from "../../http/post-request.ts";
import { attemptBoundMs, type CallLimits } from "../call-limits.ts";
import { type DateListener, hearDate, isUntouched } from "../service-date.ts";
import { receive } from "./receive-response.ts";
import { seenEndpoint, type WatchedClient } from "./seen-endpoint.ts";
import { type Credentials, RequestSigner } from "./sign-request.ts";

/**
 * Makes a call of an AWS JSON service. Binary attributes of DynamoDB come as base64 text where the SDK gives bytes;
 * whoever reads rows takes both.
 *
 * @param operation its name, as in `ReceiveMessage`
 * @param body gives the input as JSON
 * @param bySdk makes the same call with the SDK
 */
export type FastPathCall = <Output>(
  operation: string,
  body: () => string,
  bySdk: () => Promise<Output>,
  abortSignal?: AbortSignal,
) => Promise<Output>;

/** For whatever is called seldom. */
export const bySdkAlone: FastPathCall = (_operation, _body, bySdk) => bySdk();

/** What is taken from a client of the SDK. */
interface SdkClient extends WatchedClient {
  readonly config: {
    readonly credentials: () => Promise<Credentials>;
    readonly region: () => Promise<string>;
  };
}

export interface FastPathServiceOptions {
  readonly service: keyof typeof SERVICES;
  readonly client: SdkClient;
  /** Told why a call was left to the SDK. */
  readonly fellBack: (operation: string, reason: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds, by which idle connections age. @default a clock that nobody puts back */
  readonly elapsedMs?: () => number;
  /** Told what time it is by the service, when it wants to know. @default nobody is */
  readonly dates?: DateListener;
  /** Those of the client: a call that is left to the SDK has them once more. */
  readonly limits: Pick<CallLimits, "connectMs" | "attemptMs" | "leftMs">;
}

/** How a service is named in `x-amz-target` and in the scope of signatures. */
const SERVICES = {
  sqs: { target: "AmazonSQS", scope: "sqs" },
  dynamodb: { target: "DynamoDB_20120810", scope: "dynamodb" },
  streams: { target: "DynamoDBStreams_20120810", scope: "dynamodb" },
} as const;
/** Milliseconds that an idle connection is kept: AWS keeps them for longer. */
const KEEP_ALIVE_MS = 10_000;
/** The SDK is not asked for each call: it renews credentials minutes before they expire. */
const CREDENTIALS_KEPT_MS = 1000;

interface Route {
  readonly origin: string;
  readonly signer: RequestSigner;
  readonly path: string;
  /** Those of the options, where what the service says is its own word. */
  readonly dates: DateListener | undefined;
}

export class FastPathService {
  readonly #options: FastPathServiceOptions;
  readonly #endpoint: () => URL | undefined;
  readonly #pools: ConnectionPools;
  #route: Route | undefined;
  #credentials: { readonly credentials: Credentials; readonly askedAt: number } | undefined;

  constructor(options: FastPathServiceOptions) {
    this.#options = options;
    this.#endpoint = seenEndpoint(options.client);
    const dial = dialler(options.limits.connectMs);
    this.#pools = new ConnectionPools({
      connect: (endpoint, ...hears) => dial(endpoint, endpoint.host, ...hears),
      maxPools: 1,
      keepAliveMs: KEEP_ALIVE_MS,
      ...(options.elapsedMs !== undefined && { now: options.elapsedMs }),
    });
  }

  readonly call: FastPathCall = async <Output>(
    operation: string,
    bodyOf: () => string,
    bySdk: () => Promise<Output>,
    abortSignal?: AbortSignal,
  ) => {
    const { service, fellBack, now, limits } = this.#options;
    const url = this.#endpoint();
    if (url === undefined) return bySdk();
    try {
      const { origin, signer, path, dates } = (this.#route ??= await this.#routeTo(url));
      const at = now();
      const kept = this.#credentials;
      const isFresh = kept !== undefined && at >= kept.askedAt && at < kept.askedAt + CREDENTIALS_KEPT_MS;
      const credentials = isFresh ? kept.credentials : await this.#askForCredentials(at);
      const target = `${SERVICES[service].target}.${operation}`;
      const body = bodyOf();
      const headers = signer.sign(credentials, target, body, now());
      const text = await receive(this.#pools, {
        origin,
        request: postRequest(path, linesOf(headers), body),
        timeoutMs: attemptBoundMs(limits),
        abortSignal,
        heardDate: dates?.wants() === true ? dateHearer(dates) : undefined,
      });
      return JSON.parse(text) as Output;
    } catch (error) {
      if (abortSignal?.aborted === true) throw error;
      fellBack(operation, error);
      return bySdk();
    }
  };

  close(): void {
    this.#pools.close();
  }

  /** @param askedAt epoch milliseconds */
  async #askForCredentials(askedAt: number): Promise<Credentials> {
    const credentials = await this.#options.client.config.credentials();
    this.#credentials = { credentials, askedAt };
    return credentials;
  }

  async #routeTo(url: URL): Promise<Route> {
    const { client, service, dates } = this.#options;
    const region = await client.config.region();
    return {
      origin: url.origin,
      signer: new RequestSigner({ region, service: SERVICES[service].scope, host: url.host, path: url.pathname }),
      path: url.pathname,
      dates: isUntouched(url) ? dates : undefined,
    };
  }
}

function dateHearer(dates: DateListener): (date: unknown) => void {
  const askedAt = performance.now();
  return (date) => hearDate(dates, date, askedAt);
}

/** @param headers names and values in turn */
function linesOf(headers: readonly string[]): string {
  let lines = "";
  for (let index = 0; index < headers.length; index += 2) lines += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return lines;
}
