/**
 * Answers a program's calls to AWS over HTTP, in the JSON protocols of SQS and DynamoDB, as a test says; unknown calls
 * are refused.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeAws {
  readonly endpoint: string;
  /** Operations in the order in which they came, with their input. */
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[];
  stop(): Promise<void>;
}

type Answers = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

/** As a response: the call is taken, and nothing ever comes back. */
export const SILENCE = Symbol("silence");

export async function startFakeAws(responses: Answers): Promise<FakeAws> {
  const calls: FakeAws["calls"] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      calls.push({ operation, input });
      const respond = responses[operation];
      const answered = respond?.(input);
      if (answered === SILENCE) return;
      response.writeHead(respond === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(respond === undefined ? { __type: "NotFaked", message: operation } : answered));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
