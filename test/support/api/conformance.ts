/** Whether a request is one that the document describes. Formats may be read loosely: what is between is neither. */
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import {
  type ApiDescription,
  decoded,
  type DescribedOperation,
  type DescribedParameter,
} from "./described-operations.ts";
import type { SentRequest } from "./request-plan.ts";
import type { JsonSchema } from "./schema-values.ts";

export type Conformance = "valid" | "invalid" | "unclear";

const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;

export class SchemaValidator {
  readonly #strict: Ajv2020;
  readonly #loose: Ajv2020;
  readonly #compiled = new Map<
    JsonSchema,
    { strict: (value: unknown) => boolean; loose: (value: unknown) => boolean }
  >();

  constructor({ schemas }: ApiDescription) {
    const options = { strict: false, allErrors: false, logger: false } as const;
    this.#strict = new Ajv2020({ ...options, validateFormats: true });
    (formats as unknown as (ajv: unknown) => void)(this.#strict);
    this.#loose = new Ajv2020({ ...options, validateFormats: false });
    for (const ajv of [this.#strict, this.#loose]) ajv.addSchema({ $id: "api", components: { schemas } });
  }

  /** Undefined where it fits. */
  faultOf(schema: JsonSchema, value: unknown): string | undefined {
    const validate = this.#strict.compile(anchored(schema));
    return validate(value) ? undefined : this.#strict.errorsText(validate.errors);
  }

  judge(schema: JsonSchema, value: unknown): Conformance {
    let compiled = this.#compiled.get(schema);
    if (compiled === undefined) {
      const anchor = anchored(schema);
      compiled = { strict: this.#strict.compile(anchor), loose: this.#loose.compile(anchor) };
      this.#compiled.set(schema, compiled);
    }
    if (compiled.strict(value)) return "valid";
    return compiled.loose(value) ? "unclear" : "invalid";
  }
}

const anchors = new WeakMap<JsonSchema, object>();

/** References of the document are into the schema of all. */
function anchored(schema: JsonSchema): object {
  let anchor = anchors.get(schema);
  if (anchor === undefined) {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/');
    anchors.set(schema, (anchor = JSON.parse(text) as object));
  }
  return anchor;
}

export function conformanceOf(
  {
    operation,
    parameters,
  }: { readonly operation: DescribedOperation; readonly parameters: Readonly<Record<string, string>> },
  request: SentRequest,
  validator: SchemaValidator,
): Conformance {
  const found: Conformance[] = [];
  const query = new URL(request.target, "http://x").searchParams;
  for (const parameter of operation.parameters)
    found.push(ofParameter(parameter, parameters, query, request, validator));
  const known = new Set(operation.parameters.filter((one) => one.in === "query").map(({ name }) => name));
  if ([...query.keys()].some((name) => !known.has(name))) found.push("unclear");
  found.push(ofBody(operation, request, validator));
  return found.includes("invalid") ? "invalid" : found.includes("unclear") ? "unclear" : "valid";
}

function ofParameter(
  { name, in: place, required, schema }: DescribedParameter,
  inPath: Readonly<Record<string, string>>,
  query: URLSearchParams,
  request: SentRequest,
  validator: SchemaValidator,
): Conformance {
  if (place === "path") {
    const text = inPath[name] ?? "";
    const plain = decoded(text);
    // What is no percent-encoding of UTF-8 has no value.
    if (plain === text && text.includes("%")) return "unclear";
    return validator.judge(schema, plain);
  }
  const values =
    place === "query"
      ? query.getAll(name)
      : request.headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  const [value] = values;
  if (value === undefined) return required === true ? "invalid" : "valid";
  if (values.length > 1) return "invalid";
  // A header that is empty, or has spaces around it, is not the same to all who pass it on.
  if (place === "header" && value.trim() !== value) return "unclear";
  if (place === "header" && value === "") return "unclear";
  if (schema.type === "integer") return INTEGER.test(value) ? validator.judge(schema, Number(value)) : "invalid";
  if (schema.type === "boolean") return /^(?:true|false)$/.test(value) ? "valid" : "invalid";
  return validator.judge(schema, value);
}

function ofBody(
  { body, bodyTypes, isBodyRequired }: DescribedOperation,
  request: SentRequest,
  validator: SchemaValidator,
): Conformance {
  // A file of rows is none of JSON, and what is in it is for tests of its own.
  if (body === undefined) return request.body === undefined && !isBodyRequired ? "valid" : "unclear";
  // No body at all counts as an object without members.
  if (request.body === undefined || request.body === "")
    return !isBodyRequired || validator.judge(body, {}) === "valid" ? "unclear" : "invalid";
  const type = request.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (!bodyTypes.includes((type.split(";")[0] ?? "").trim().toLowerCase())) return "invalid";
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    return "invalid";
  }
  // RFC 8259, section 4: which of two members of one name counts is not defined.
  if (hasNameTwice(request.body, value)) return "unclear";
  return validator.judge(body, value);
}

/** Told by what was lost; a text that is spelled another way counts too. */
function hasNameTwice(text: string, value: unknown): boolean {
  try {
    return (text.match(/":/g)?.length ?? 0) > (JSON.stringify(value).match(/":/g)?.length ?? 0);
  } catch {
    // Nested too deep to be written again.
    return true;
  }
}
