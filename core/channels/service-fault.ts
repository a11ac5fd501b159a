/**
 * What is known of a call to a service of AWS that failed: whether it was ever dialled, whether the service itself
 * refused it, or neither. For calls that must not be made twice, on a client with `ONCE`.
 */

/** What the service itself said. */
export interface ServiceFault {
  /** Of the error, such as `TooManyRequestsException`. */
  readonly name: string;
  readonly message: string;
  /** HTTP status. */
  readonly status: number;
}

/** Errors of dialling: no byte of the request was written. The SDK may keep no more of them than their message. */
const DIALLING = /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO)\b/;
/** Of certificates, before anything is sent. */
const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;
const NOT_CONNECTED = /did not establish a connection|before secure TLS connection was established/;
/** There is nothing to sign the request with. */
const UNSIGNED = new Set(["CredentialsProviderError", "TokenProviderError"]);

/** Whether it is certain that no byte of the request was written. */
export function neverDialled(error: unknown): boolean {
  const { code = "", message = "", name = "" } = error as { code?: unknown; message?: string; name?: string };
  if (DIALLING.test(`${String(code)} ${message}`) || TLS_CODE.test(String(code))) return true;
  return NOT_CONNECTED.test(message) || UNSIGNED.has(name);
}

/** @returns undefined where nothing says what became of the request: no response, or one of something in between */
export function serviceFault(error: unknown): ServiceFault | undefined {
  const {
    name = "",
    message = "",
    $metadata,
    $response,
  } = error as {
    readonly name?: string;
    readonly message?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status === undefined || status < 400 || name === "" || /^(?:Unknown|UnknownError|Error|SyntaxError)$/.test(name))
    return undefined;
  return { name, message, status };
}
