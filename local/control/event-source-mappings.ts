/**
 * Lambda's event source mappings: list, get, and update, of which whether a mapping is enabled is honoured. One that is
 * disabled hands nothing to its function; the stream keeps what comes meanwhile.
 */
import { noFunction, shortName } from "./invocations.ts";
import { type Call, type ControlResponse, refusal } from "./protocols.ts";

export interface MappingControl {
  readonly uuid: string;
  readonly functionArn: string;
  readonly eventSourceArn: string;
  readonly batchSize: number;
  readonly isEnabled: boolean;
  setEnabled(isEnabled: boolean): void;
}

const PATH = /^\/2015-03-31\/event-source-mappings(?:\/([^/]*))?$/;

/** @returns undefined for a call that is none of these */
export function respondAsMappings(
  { method, url, input }: Call,
  mappings: readonly MappingControl[],
  hasFunction: (functionName: string) => boolean,
): ControlResponse | undefined {
  const path = PATH.exec(url.pathname);
  if (path === null) return undefined;
  const uuid = path[1] ?? "";
  if (uuid === "" && method === "GET") return listed(url.searchParams, mappings, hasFunction);
  const mapping = mappings.find((one) => one.uuid === uuid);
  if (mapping === undefined)
    return refusal(404, "ResourceNotFoundException", `The resource you requested does not exist: ${uuid}`);
  if (method === "PUT" && typeof input["Enabled"] === "boolean") mapping.setEnabled(input["Enabled"]);
  if (method === "PUT" || method === "GET") return { status: method === "PUT" ? 202 : 200, body: described(mapping) };
  return refusal(400, "InvalidParameterValueException", `${method} of a mapping is not answered on this machine.`);
}

function listed(
  query: URLSearchParams,
  mappings: readonly MappingControl[],
  hasFunction: (functionName: string) => boolean,
): ControlResponse {
  const [name, source] = [query.get("FunctionName"), query.get("EventSourceArn")];
  if (name !== null && !hasFunction(shortName(name))) return noFunction(name);
  const found = mappings
    .filter(({ functionArn }) => name === null || shortName(functionArn) === shortName(name))
    .filter(({ eventSourceArn }) => source === null || eventSourceArn === source);
  return { status: 200, body: { EventSourceMappings: found.map(described) } };
}

function described({ uuid, functionArn, eventSourceArn, batchSize, isEnabled }: MappingControl): object {
  return {
    UUID: uuid,
    FunctionArn: functionArn,
    EventSourceArn: eventSourceArn,
    BatchSize: batchSize,
    State: isEnabled ? "Enabled" : "Disabled",
    StateTransitionReason: "User action",
  };
}
