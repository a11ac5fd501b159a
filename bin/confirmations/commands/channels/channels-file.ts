/** A file of channels: a list of them, or an object that has the plan too; and where in it a fault is. */
import { parseExactJson } from "../../../../core/api/exact-json.ts";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { wrongLine } from "../../frame/command-failure.ts";
import { jsonLines, lineOf } from "./json-lines.ts";

export interface ChannelsFile {
  /** As a patch of the merchant takes it. */
  readonly patch: { readonly channels: unknown; readonly plan?: unknown };
  /** @param pointer into the patch. @returns the place in the file, such as `line 7` */
  readonly placeOf: (pointer: string) => string;
}

const MEMBERS = new Set(["channels", "plan"]);

export function channelsFile(text: string): ChannelsFile {
  const value = parsed(text);
  const lines = jsonLines(text);
  if (Array.isArray(value)) {
    const placeOf = (pointer: string) => `line ${lineOf(lines, pointer.replace(/^\/channels/, ""))}`;
    return { patch: { channels: value }, placeOf };
  }
  const placeOf = (pointer: string) => `line ${lineOf(lines, pointer)}`;
  if (typeof value !== "object" || value === null || !("channels" in value))
    throw wrongLine('It has no channels; expected a list of them, or an object such as {"plan":"all","channels":[…]}');
  const other = Object.keys(value).find((name) => !MEMBERS.has(name));
  if (other !== undefined)
    throw wrongLine(`It has ${shortly(other)} on ${placeOf(`/${other}`)}, expected channels and plan alone`);
  return { patch: value, placeOf };
}

function parsed(text: string): unknown {
  if (text.trim() === "") throw wrongLine("There is nothing in it; expected JSON of channels");
  try {
    JSON.parse(text);
  } catch (error) {
    throw wrongLine(`It is no JSON: ${shortly((error as Error).message)}`);
  }
  return parseExactJson(text);
}

/**
 * A refusal whose faults say where in the file they are.
 *
 * @param error as the API responded
 */
export function withPlaces(error: unknown, placeOf: ChannelsFile["placeOf"]): unknown {
  const { errors, ...problem } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly errors?: unknown;
  };
  if (!Array.isArray(errors)) return error;
  const places = errors.map((fault: { readonly pointer?: unknown; readonly detail?: unknown } | null) => {
    const pointer = typeof fault?.pointer === "string" ? fault.pointer : "";
    return { ...fault, pointer: `${placeOf(pointer)}, ${pointer}:` };
  });
  return { ...problem, detail: "expected channels as docs/using/channels.md has them", errors: places };
}
