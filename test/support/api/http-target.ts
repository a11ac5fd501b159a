/** Requests over HTTP as they are written: `fetch` would tidy paths, and refuse bodies and headers. */
import { request as httpRequest } from "node:http";
import type { Answer, Bearer, Send, SentRequest } from "./request-plan.ts";

const TIMEOUT_MS = 60_000;

/** @param base without `/v1`. @param tokenFor an access token, or undefined for none */
export function overHttp(base: string, tokenFor: (bearer: Bearer) => Promise<string | undefined>): Send {
  return async (request) => {
    const token = await tokenFor(request.bearer);
    return callHttp(base, request, token === undefined ? undefined : `Bearer ${token}`);
  };
}

/** @param authorization as the header has it */
export async function callHttp(
  base: string,
  { method, target, headers, body }: Omit<SentRequest, "bearer">,
  authorization: string | undefined,
): Promise<Answer> {
  const { hostname, port, pathname } = new URL(base);
  const all = [...headers, ...(authorization === undefined ? [] : [["authorization", authorization] as const])];
  const bytes = Buffer.from(body ?? "");
  if (bytes.length > 0) all.push(["content-length", String(bytes.length)]);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = httpRequest(
    { hostname, port, method, path: `${pathname.replace(/\/$/, "")}${target}`, timeout: TIMEOUT_MS },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const received = new Headers();
        for (const [name, values] of Object.entries(response.headersDistinct))
          for (const value of values ?? []) received.append(name, value);
        resolve({ status: response.statusCode ?? 0, headers: received, text: Buffer.concat(chunks).toString("utf8") });
      });
    },
  );
  const grouped = Map.groupBy(all, ([name]) => name.toLowerCase());
  for (const [name, entries] of grouped) {
    const values = entries.map(([, value]) => value);
    sent.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
  }
  sent.on("timeout", () => sent.destroy(new Error(`no answer to ${method} ${target} within ${TIMEOUT_MS} ms`)));
  sent.on("error", reject);
  sent.end(bytes);
  return promise;
}
