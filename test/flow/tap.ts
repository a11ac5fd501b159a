/**
 * Stands between what calls merchants and the servers of its stack: sees each request with its body, and breaks or
 * answers those that a test wants broken or answered. What it was given of the queues it remembers, so that what a
 * program had in hand that was killed can be given out again at once: in AWS that takes until its visibility is over.
 */
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Interposition, ServerAddresses } from "../../local/local-stack.ts";
import type { Given } from "./given-again.ts";

export interface TappedRequest {
  /** Of AWS JSON, such as `SendMessage`; of REST, method and path. */
  readonly operation: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** AWS JSON, or XML of the query protocol. */
  readonly body: object | string;
}

/**
 * What becomes of one request: `before` it is handed on, which it never is then, or once it was carried out and before
 * that is told. The connection is cut afterwards.
 */
export interface Break {
  readonly at: "before" | "after";
  readonly is: (request: TappedRequest) => boolean;
  readonly how: () => unknown;
}

const TAPPED = ["dynamodb", "sqs", "cloudwatch"] as const satisfies readonly (keyof ServerAddresses)[];
const RECEIVE = "ReceiveMessage";

export class Tap {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #servers: Server[] = [];
  readonly #given = new Map<string, string>();
  #breaks: Break | undefined;
  #isBreaking = false;
  #answers: (request: TappedRequest) => Answer | undefined = () => undefined;

  readonly addresses: NonNullable<Interposition["addresses"]> = async (servers) => {
    const behind = { ...servers };
    for (const name of TAPPED) behind[name] = await this.#start(servers[name]);
    return { worker: behind, functions: servers };
  };

  /** The next request that it is about, and no further one. */
  breakNext(breaks: Break): void {
    this.#breaks = breaks;
  }

  get hasBroken(): boolean {
    return this.#breaks === undefined && !this.#isBreaking;
  }

  /** In the place of the server. @param answers undefined for what is handed on */
  answer(answers: (request: TappedRequest) => Answer | undefined): void {
    this.#answers = answers;
  }

  /** What has been given out so far. To be taken before whoever has it is killed. */
  given(): Given {
    const given = new Map(this.#given);
    this.#given.clear();
    return given;
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.#agent.destroy();
  }

  async #start(to: string): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => this.#take(incoming, Buffer.concat(chunks), outgoing, to));
    });
    this.#servers.push(server);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #take(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, to: string): void {
    const target = String(incoming.headers["x-amz-target"] ?? "");
    const operation = target === "" ? `${incoming.method} ${incoming.url}` : target.slice(target.indexOf(".") + 1);
    const tapped = { operation, body: body.toString() };
    const answer = this.#answers(tapped);
    if (answer !== undefined) {
      const isXml = typeof answer.body === "string";
      outgoing.writeHead(answer.status, { "content-type": isXml ? "text/xml" : "application/x-amz-json-1.0" });
      outgoing.end(isXml ? answer.body : JSON.stringify(answer.body));
      return;
    }
    const breaks = this.#breaks?.is(tapped) === true ? this.#breaks : undefined;
    if (breaks !== undefined) {
      this.#breaks = undefined;
      this.#isBreaking = true;
    }
    if (breaks?.at === "before") void this.#broken(breaks, outgoing);
    else this.#handOn(incoming, tapped, body, outgoing, to, breaks);
  }

  #handOn(
    { method, headers, url }: IncomingMessage,
    tapped: TappedRequest,
    body: Buffer,
    outgoing: ServerResponse,
    to: string,
    breaks: Break | undefined,
  ): void {
    const onwards = request(`${to}${url}`, { method, headers, agent: this.#agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const all = Buffer.concat(chunks);
        if (tapped.operation === RECEIVE) this.#note(tapped, all);
        if (breaks === undefined) outgoing.writeHead(response.statusCode ?? 500, response.headers).end(all);
        else void this.#broken(breaks, outgoing);
      });
      response.on("error", () => outgoing.destroy());
    });
    onwards.on("error", () => outgoing.destroy());
    outgoing.on("close", () => {
      if (!outgoing.writableFinished && breaks === undefined) onwards.destroy();
    });
    onwards.end(body);
  }

  async #broken(breaks: Break, outgoing: ServerResponse): Promise<void> {
    await breaks.how();
    this.#isBreaking = false;
    outgoing.destroy();
  }

  #note({ body }: TappedRequest, response: Buffer): void {
    const { QueueUrl } = JSON.parse(body) as { QueueUrl: string };
    const { Messages = [] } = JSON.parse(response.toString()) as { Messages?: { ReceiptHandle: string }[] };
    for (const { ReceiptHandle } of Messages) this.#given.set(ReceiptHandle, QueueUrl);
  }
}
