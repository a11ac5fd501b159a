/** The API as the command line calls it: typed from its document, with the token, refusals as sentences. */
import createClient, { type Client } from "openapi-fetch";
import type { ApiPlace } from "../connection/place.ts";
import { reach } from "../connection/reach.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import type { paths } from "./api-types.ts";
import { failureOf } from "./failure-of.ts";

export type ApiClient = Client<paths>;

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

export type ApiCall<Data> = (client: ApiClient) => Promise<Answer<Data>>;

export interface Api {
  /** @returns what the API answers with. @throws CommandFailure for a refusal */
  ask<Data>(call: ApiCall<Data>): Promise<NonNullable<Data>>;
}

export async function apiAt(place: ApiPlace, { fetch }: Pick<Surroundings, "fetch">): Promise<Api> {
  const token = await place.token();
  const { url, remedy } = place;
  const client = createClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${token}` },
    fetch: (request) => reach(fetch, request, {}, { what: `The API at ${url}`, remedy }),
  });
  return {
    async ask(call) {
      const { data, error, response } = await call(client).catch((cause: unknown) => {
        // A body that says it is JSON and is none.
        throw cause instanceof SyntaxError ? failureOf(undefined, undefined, url) : cause;
      });
      if (response.ok && data !== undefined && data !== null) return data;
      throw failureOf(error, response, url);
    },
  };
}
