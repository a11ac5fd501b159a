/**
 * The API as a listener needs it for hours: each call once, with a token that is asked for again when it has expired,
 * at the place where the API is by then, since a stack on this machine may have been started again meanwhile.
 */
import { randomUUID } from "node:crypto";
import type { components } from "../../api/api-types.ts";
import { type Api, apiAt, type ApiCall } from "../../api/client.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";

export type CopyPage = components["schemas"]["CopyPage"];
export type Listener = components["schemas"]["Listener"];

export class ListenerApi {
  readonly #session: Session;
  readonly #merchantId: string;
  readonly #listenerId = randomUUID();
  #api: Api | undefined;

  constructor(session: Session, merchantId: string) {
    this.#session = session;
    this.#merchantId = merchantId;
  }

  /** Begins, or goes on. @throws CommandFailure, as all here */
  listen(signal?: AbortSignal): Promise<Listener> {
    return this.#ask((client) =>
      client.PUT("/v1/merchants/{merchantId}/listeners/{listenerId}", { params: { path: this.#path }, ...by(signal) }),
    );
  }

  /** So many of those that are there, and where those begin that come after them. */
  newest(count: number): Promise<CopyPage> {
    return this.#page({ newest: count });
  }

  /** Those that come after a page. */
  copies(cursor: string, signal: AbortSignal): Promise<CopyPage> {
    return this.#page({ cursor }, signal);
  }

  #page(query: { readonly newest: number } | { readonly cursor: string }, signal?: AbortSignal): Promise<CopyPage> {
    const path = { merchantId: this.#merchantId };
    return this.#ask((client) =>
      client.GET("/v1/merchants/{merchantId}/copies", { params: { path, query }, ...by(signal) }),
    );
  }

  /** Gives the lease back, which ends by itself in a minute otherwise. */
  async end(signal?: AbortSignal): Promise<void> {
    await this.#ask((client) =>
      client
        .DELETE("/v1/merchants/{merchantId}/listeners/{listenerId}", { params: { path: this.#path }, ...by(signal) })
        .then((answer) => ({ ...answer, data: answer.response.ok ? {} : undefined })),
    );
  }

  get #path() {
    return { merchantId: this.#merchantId, listenerId: this.#listenerId };
  }

  async #ask<Data>(call: ApiCall<Data>): Promise<NonNullable<Data>> {
    const hadToken = this.#api !== undefined;
    try {
      return await (await this.#there()).ask(call);
    } catch (error) {
      this.#api = undefined;
      const isExpired = error instanceof CommandFailure && error.exitCode === EXIT_CODES.noAccess.code;
      if (!isExpired || !hadToken) throw error;
    }
    return (await this.#there()).ask(call);
  }

  async #there(): Promise<Api> {
    return (this.#api ??= await apiAt(await this.#session.place(), this.#session.around));
  }
}

function by(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}
