/**
 * What a fault makes of one call to an AWS service, between the program that makes it and the server that carries it
 * out.
 */

/** JSON of a request or a response. */
export type Json = Readonly<Record<string, unknown>>;

/** A call on its way. */
export interface AwsCall {
  /** `ReceiveMessage`, `BatchExecuteStatement`, …; method and path of a call that is no JSON, as S3's are. */
  readonly operation: string;
  readonly body: Json;
  /** Of a call that is no JSON of AWS's own, as it came. @default nothing */
  readonly text?: string;
}

export interface AwsError {
  readonly status: number;
  /** Code as the service names it, for example `ThrottlingException`. */
  readonly code: string;
  readonly message: string;
}

export type Interference =
  /** Carried out after so many milliseconds; not at all if its caller has gone by then. */
  | { readonly kind: "hold"; readonly forMs: number }
  /** The connection breaks before anything is done. */
  | { readonly kind: "reset" }
  /** Refused, and nothing is done. */
  | { readonly kind: "refuse"; readonly error: AwsError }
  /** The caller is ended, before the call is carried out or after that; nothing is answered. */
  | { readonly kind: "end the caller"; readonly at: "before" | "after"; readonly end: () => Promise<unknown> }
  /** Carried out, then the connection breaks: the caller cannot know. */
  | { readonly kind: "lose the answer" }
  /** Taken, never carried out, never answered. The connection stays open until its caller goes. */
  | { readonly kind: "silence" }
  /** Carried out; the response begins after so many milliseconds. */
  | { readonly kind: "answer late"; readonly afterMs: number }
  /** Carried out; the response comes a byte every so many milliseconds. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /**
   * A part is carried out; the response tells of all of it. `request` is undefined where nothing is left to carry out.
   */
  | {
      readonly kind: "in part";
      readonly request: Json | undefined;
      readonly answer: (carriedOut: Json) => Json;
      /** Milliseconds that the response is held back. @default 0 */
      readonly afterMs?: number;
    };
