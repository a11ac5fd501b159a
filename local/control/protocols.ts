/**
 * The ways in which AWS clients ask the services that are answered here: AWS JSON (`x-amz-target`), Smithy RPC v2 CBOR,
 * which CloudWatch's newest clients speak, the query protocol of older ones, and REST, in which Lambda is asked. A call
 * is the same whichever way it came, and is answered in its own.
 */
import type { IncomingMessage } from "node:http";
import { cbor, dateToTag } from "@smithy/core/cbor";
import { isObject } from "../assembly/template.ts";

export type Input = Readonly<Record<string, unknown>>;

export interface ControlResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly method: string;
  /** With its query. */
  readonly url: URL;
  /** `TrentService.Decrypt`; empty where the path says what is asked. */
  readonly target: string;
  readonly operation: string;
  readonly input: Input;
  readonly protocol: "json" | "cbor" | "query";
}

export interface Encoded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const CBOR_PATH = /^\/service\/(\w+)\/operation\/(\w+)$/;
const FORM = "application/x-www-form-urlencoded";
const QUERY_NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

export function decode(request: IncomingMessage, bytes: Buffer): Call {
  const url = new URL(request.url ?? "/", "http://localhost");
  const method = request.method ?? "GET";
  const cborPath = CBOR_PATH.exec(url.pathname);
  if (cborPath !== null) {
    const [, service = "", operation = ""] = cborPath;
    const input = bytes.length === 0 ? {} : (cbor.deserialize(bytes) as Input);
    return { method, url, target: `${service}.${operation}`, operation, input, protocol: "cbor" };
  }
  if (String(request.headers["content-type"]).startsWith(FORM) && /^Action=|&Action=/.test(bytes.toString())) {
    const parameters = new URLSearchParams(bytes.toString());
    const operation = parameters.get("Action") ?? "";
    return { method, url, target: operation, operation, input: fromParameters(parameters), protocol: "query" };
  }
  const target = String(request.headers["x-amz-target"] ?? "");
  const input = JSON.parse(bytes.toString() || "{}") as Input;
  return { method, url, target, operation: target.slice(target.indexOf(".") + 1), input, protocol: "json" };
}

export function encode({ protocol, operation }: Call, { status, body, headers }: ControlResponse): Encoded {
  if (protocol === "cbor")
    return {
      status,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", ...headers },
      body: cbor.serialize(withTimes(body, dateToTag)),
    };
  if (protocol === "query")
    return { status, headers: { "content-type": "text/xml", ...headers }, body: xmlOf(operation, status, body) };
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", ...headers },
    body: JSON.stringify(withTimes(body, (time) => time.getTime() / 1000)),
  };
}

/** `Names.member.1=a` as a list. */
function fromParameters(parameters: URLSearchParams): Input {
  const input: Record<string, unknown> = {};
  for (const [name, value] of parameters) {
    const [list, isMember] = name.split(".");
    if (list === undefined) continue;
    if (isMember !== "member") input[name] = value;
    else input[list] = [...((input[list] as string[] | undefined) ?? []), value];
  }
  return input;
}

function xmlOf(operation: string, status: number, body: unknown): string {
  if (status >= 400) {
    const { __type: code, message } = body as Record<string, string>;
    const error = `<Code>${code}</Code><Message>${escaped(message ?? "")}</Message>`;
    return `<ErrorResponse><Error>${error}</Error></ErrorResponse>`;
  }
  const result = `<${operation}Result>${inXml(body)}</${operation}Result>`;
  return `<${operation}Response xmlns="${QUERY_NAMESPACE}">${result}</${operation}Response>`;
}

function inXml(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${inXml(item)}</member>`).join("");
  if (isObject(value))
    return Object.entries(value)
      .map(([name, inner]) => `<${name}>${inXml(inner)}</${name}>`)
      .join("");
  return escaped(String(value));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Times are tagged in CBOR, and epoch seconds in JSON. */
function withTimes(value: unknown, written: (time: Date) => unknown): unknown {
  if (value instanceof Date) return written(value);
  if (Array.isArray(value)) return value.map((item) => withTimes(item, written));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTimes(inner, written)]));
}

export function refusal(status: number, type: string, message: string): ControlResponse {
  return { status, body: { __type: type, message }, headers: { "x-amzn-errortype": type } };
}
