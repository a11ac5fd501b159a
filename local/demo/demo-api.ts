/** The REST API of the demo's stack, called as an operator's program does: with a token of the stack's own issuer. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalStack } from "../local-stack.ts";
import { LocalError } from "../local-error.ts";

const SHOWN_OF_ANSWER = 300;
/** Of a request that comes to the same when it is sent again, where a service did not respond to the API. */
const MOST_TRIES = 30;
const AGAIN_MS = 1000;
const UNAVAILABLE = 503;

export class DemoApi {
  readonly #base: string;
  readonly #token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  static async on({ endpoints }: Pick<LocalStack, "endpoints">): Promise<DemoApi> {
    const form = { grant_type: "client_credentials" };
    const response = await fetch(`${endpoints.issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
    const { access_token: token } = (await response.json()) as { readonly access_token: string };
    return new DemoApi(`${endpoints.api}/v1`, token);
  }

  get<Shown>(path: string): Promise<Shown> {
    return this.#ask("GET", path, undefined, MOST_TRIES);
  }

  /** A POST that comes to the same when it is sent again. */
  act<Shown>(path: string, body: object = {}): Promise<Shown> {
    return this.#ask("POST", path, body, MOST_TRIES);
  }

  post<Shown>(path: string, body: object): Promise<Shown> {
    return this.#ask("POST", path, body);
  }

  put<Shown>(path: string, body: object): Promise<Shown> {
    return this.#ask("PUT", path, body, MOST_TRIES);
  }

  /** @param asked of `POST /v1/imports/uploads`. @returns the id of the import */
  async upload(asked: object, file: Blob): Promise<string> {
    const upload = await this.post<{ jobId: string; url: string; fields: Record<string, string> }>(
      "imports/uploads",
      asked,
    );
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file);
    const put = await fetch(upload.url, { method: "POST", body: form });
    if (!put.ok) throw failed(`The bucket refused the file with ${put.status}`);
    return upload.jobId;
  }

  async #ask<Shown>(method: string, path: string, body: object | undefined, tries = 1): Promise<Shown> {
    const response = await fetch(`${this.#base}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Shown;
    if (response.status !== UNAVAILABLE || tries === 1)
      throw failed(`The API responded to ${path} with ${response.status}: ${text.slice(0, SHOWN_OF_ANSWER)}`);
    await sleep(AGAIN_MS);
    return this.#ask(method, path, body, tries - 1);
  }
}

export function failed(message: string): LocalError {
  return new LocalError("LOCAL_PART_FAILED", `${message}; its words are in the logs.`);
}
