/**
 * The API as the console calls it: typed from its document, at the console's own origin, with the token of who is
 * signed in. A token that no longer holds ends the session, wherever that is noticed.
 */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../../../bin/confirmations/api/api-types.ts";
import { Refusal, refusalOf } from "./refusal.ts";

export type Schemas = components["schemas"];
export type Access = Schemas["Access"];
export type Scope = Access["scopes"][number];

interface Responded<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

export interface ApiParts {
  readonly origin: string;
  readonly token: () => string | undefined;
  /** Told that the token holds no longer. */
  readonly onUnauthenticated: () => void;
  readonly fetch?: (request: Request) => Promise<Response>;
}

export interface Api {
  /** @returns the body of the response. @throws Refusal */
  ask<Data>(call: (client: Client<paths>) => Promise<Responded<Data>>): Promise<NonNullable<Data>>;
}

const UNAUTHENTICATED = 401;

export function apiOf({ origin, token, onUnauthenticated, fetch: send = (request) => fetch(request) }: ApiParts): Api {
  const client = createClient<paths>({ baseUrl: origin, cache: "no-store", credentials: "omit", fetch: send });
  client.use({
    onRequest({ request }) {
      const held = token();
      if (held !== undefined) request.headers.set("authorization", `Bearer ${held}`);
      return request;
    },
  });
  return {
    async ask(call) {
      const { data, error, response } = await call(client).catch((cause: unknown) => {
        throw new Refusal(0, {}, { cause });
      });
      if (response.ok && data !== undefined && data !== null) return data;
      if (response.status === UNAUTHENTICATED) onUnauthenticated();
      throw refusalOf(error, response);
    },
  };
}
