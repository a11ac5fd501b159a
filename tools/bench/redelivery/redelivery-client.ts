/** Redeliveries by the API of the stack of this machine. */
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { LocalStack } from "../../../local/local-stack.ts";

export interface ShownRedelivery {
  readonly jobId: string;
  readonly state: string;
  readonly count?: number;
  readonly counts: Readonly<Record<"matched" | "sent" | "delivered" | "failed" | "skipped", number>>;
}

const SCOPE = "redeliveries:write";
const LOOK_EVERY_MS = 500;
const UNAVAILABLE = 503;

export class RedeliveryClient {
  readonly #base: string;
  readonly #token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  static async of({ endpoints }: Pick<LocalStack, "endpoints">): Promise<RedeliveryClient> {
    const body = new URLSearchParams({ grant_type: "client_credentials", scope: SCOPE, lifetime: "86400" });
    const response = await fetch(`${endpoints.issuer}/token`, { method: "POST", body });
    const { access_token: token } = (await response.json()) as { readonly access_token: string };
    return new RedeliveryClient(`${endpoints.api}/v1/redeliveries`, token);
  }

  async ask(method: "GET" | "POST", path: string, body?: object): Promise<ShownRedelivery> {
    return read(await this.#send(method, path, body));
  }

  /** @throws Error when it is not so in time */
  async until(
    jobId: string,
    what: string,
    withinMs: number,
    isSo: (shown: ShownRedelivery) => boolean,
  ): Promise<ShownRedelivery> {
    let shown: ShownRedelivery | undefined;
    const look = async () => {
      // While live traffic has all of the machine; the next look comes.
      const response = await this.#send("GET", `/${jobId}`);
      if (response.status === UNAVAILABLE) return false;
      shown = await read(response);
      return isSo(shown);
    };
    const wait = { everyMs: LOOK_EVERY_MS, untilMs: Date.now() + withinMs, isStopped: () => false };
    if (!(await waitUntil(look, wait)))
      throw new Error(`Not so after ${withinMs} ms: ${what}. It is ${JSON.stringify(shown)}`);
    if (shown === undefined) throw new Error(`Nothing was said of ${jobId}.`);
    return shown;
  }

  #send(method: "GET" | "POST", path: string, body?: object): Promise<Response> {
    return fetch(`${this.#base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

async function read(response: Response): Promise<ShownRedelivery> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return JSON.parse(text) as ShownRedelivery;
}
