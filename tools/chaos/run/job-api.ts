/** The API of a run's stack, which faults are for as well: what it refuses for the moment is asked again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalStack } from "../../../local/local-stack.ts";

const SCOPES = "redeliveries:write merchants:write";
const AGAIN_AFTER_MS = 300;
const ANSWERS_WITHIN_MS = 5000;
const CONFLICT = 409;
/** A clock that is off makes a token one of tomorrow. */
const UNAUTHORIZED = 401;

export class JobApi {
  readonly #stack: Pick<LocalStack, "endpoints">;
  readonly #isStopped: () => boolean;
  #token = "";

  constructor(stack: Pick<LocalStack, "endpoints">, isStopped: () => boolean) {
    this.#stack = stack;
    this.#isStopped = isStopped;
  }

  /**
   * @param isAgain whether a conflict passes
   * @returns what it said; undefined where it has refused for all that time, or for good
   */
  async ask(
    method: "POST" | "DELETE",
    path: string,
    { body, withinMs, isAgain = false }: { body?: object; withinMs: number; isAgain?: boolean },
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const untilMs = Date.now() + withinMs;
    for (; Date.now() < untilMs && !this.#isStopped(); await sleep(AGAIN_AFTER_MS)) {
      const response = await this.#once(method, path, body).catch(() => undefined);
      if (response === undefined) continue;
      const { status, text } = response;
      if (status < 300) return text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
      if (status === UNAUTHORIZED) this.#token = "";
      const mayPass = status >= 500 || status === UNAUTHORIZED || status === 429 || (isAgain && status === CONFLICT);
      if (!mayPass) return undefined;
    }
    return undefined;
  }

  async #once(method: string, path: string, body: object | undefined) {
    const { endpoints } = this.#stack;
    if (this.#token === "") this.#token = await tokenFrom(endpoints.issuer);
    const response = await fetch(`${endpoints.api}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  }
}

async function tokenFrom(issuer: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", scope: SCOPES, lifetime: "86400" });
  const response = await fetch(`${issuer}/token`, { method: "POST", body });
  return ((await response.json()) as { readonly access_token: string }).access_token;
}
