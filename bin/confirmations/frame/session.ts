/** What a command works with: its output, and the API once it asks for it. */
import { type Api, apiAt, type ApiCall } from "../api/client.ts";
import { apiPlace } from "../connection/api-place.ts";
import type { ApiPlace } from "../connection/place.ts";
import { type Output, outputOf } from "../show/output.ts";
import { type Progress, progressBar } from "../show/progress-bar.ts";
import type { CommonOptions } from "./leaf.ts";
import type { Surroundings } from "./surroundings.ts";

export class Session {
  readonly around: Surroundings;
  readonly output: Output;
  readonly #options: CommonOptions;
  #api: Promise<Api> | undefined;

  constructor(options: CommonOptions, around: Surroundings) {
    this.around = around;
    this.output = outputOf(options.json === true, around);
    this.#options = options;
  }

  place(): Promise<ApiPlace> {
    return apiPlace(this.#options, this.around);
  }

  /** With a token; asked for once. */
  api(): Promise<Api> {
    return (this.#api ??= this.place().then((place) => apiAt(place, this.around)));
  }

  /** @returns what the API answers with. @throws CommandFailure for a refusal */
  async ask<Data>(call: ApiCall<Data>): Promise<NonNullable<Data>> {
    return (await this.api()).ask(call);
  }

  progress(label: string): Progress {
    return progressBar(label, this.around.isErrorTerminal && !this.output.isJson);
  }
}

/**
 * Makes the action of a command.
 *
 * @param act given the session, then what the command takes; what it resolves with is the exit code. @default 0
 */
export type Run = <Args extends readonly unknown[]>(
  act: (session: Session, ...args: Args) => Promise<number | void>,
) => (...args: Args) => Promise<void>;
