/** A server in the place of a service of AWS: says what it is told to, in the service's own form, or nothing at all. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `hang`: takes the request and says nothing. `cut`: ends the connection once the request is there. */
export type Behaviour = Said | "hang" | "cut";

export class ServiceServer {
  readonly asked: Asked[] = [];
  readonly connection: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  behaviour: Behaviour = { status: 200, body: "{}" };
  /** How many there were. */
  connections = 0;
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    this.connection = { endpoint: `http://127.0.0.1:${port}`, region: "eu-west-1", credentials };
  }

  static async start(): Promise<ServiceServer> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
    const service = new ServiceServer(server);
    server.on("connection", () => {
      service.connections += 1;
    });
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        service.asked.push({
          path: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(parts).toString(),
        });
        service.#respond(response);
      });
    });
    return service;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #respond(response: ServerResponse): void {
    if (this.behaviour === "hang") return;
    if (this.behaviour === "cut") {
      response.socket?.destroy();
      return;
    }
    const { status, body, headers = {} } = this.behaviour;
    response.writeHead(status, headers).end(body);
  }
}

/** An error as services say it that speak JSON. @param more members of it */
export function jsonError(name: string, status = 400, more: object = {}): Said {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": name },
    body: JSON.stringify({ __type: name, message: "so it is", ...more }),
  };
}

/** An error as SNS says it. */
export function queryError(code: string, status = 400): Said {
  return {
    status,
    headers: { "content-type": "text/xml" },
    body:
      `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code>` +
      "<Message>so it is</Message></Error><RequestId>r</RequestId></ErrorResponse>",
  };
}
