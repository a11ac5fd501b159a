/** The operations of an OpenAPI document as tests need them. References are left to the validator. */
import type { JsonSchema } from "./schema-values.ts";

export interface DescribedParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

export interface DescribedResponse {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface DescribedOperation {
  readonly operationId: string;
  /** In capital letters. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** One of them is enough; none: without a token. */
  readonly scopes: readonly string[];
  readonly parameters: readonly DescribedParameter[];
  /** Of JSON. */
  readonly body: JsonSchema | undefined;
  /** Content types of it, in lower case. */
  readonly bodyTypes: readonly string[];
  readonly isBodyRequired: boolean;
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

export interface ApiDescription {
  readonly document: object;
  readonly operations: readonly DescribedOperation[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

const METHODS = new Set(["get", "put", "post", "patch", "delete"]);

interface Described {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
  readonly responses: DescribedOperation["responses"];
}

/** @param document OpenAPI 3.1, as JSON has it */
export function describedApi(document: object): ApiDescription {
  const { paths = {}, components = {} } = document as {
    readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => operationOf(path, method, operation as Described)),
  );
  return { document, operations, schemas: components.schemas ?? {} };
}

function operationOf(path: string, method: string, described: Described): DescribedOperation {
  const { operationId, security = [], parameters = [], requestBody, responses } = described;
  return {
    operationId,
    method: method.toUpperCase(),
    path,
    scopes: security.flatMap((one) => Object.values(one).flat()),
    parameters,
    body: requestBody?.content["application/json"]?.schema,
    bodyTypes: Object.keys(requestBody?.content ?? {}).map((type) => type.toLowerCase()),
    isBodyRequired: requestBody?.required === true,
    responses,
  };
}

/** The operation that a request gets to, and what stands for its path's parameters, not yet decoded. */
export function operationAt(
  { operations }: ApiDescription,
  method: string,
  pathname: string,
): { readonly operation: DescribedOperation; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const found = pathname.split("/");
  const exactFirst = operations.toSorted((one, other) => vagueness(one) - vagueness(other));
  for (const operation of exactFirst) {
    if (operation.method !== method) continue;
    const parameters = parametersOf(operation.path.split("/"), found);
    if (parameters !== undefined) return { operation, parameters };
  }
  return undefined;
}

function vagueness({ path }: DescribedOperation): number {
  return path.split("{").length;
}

function parametersOf(wanted: readonly string[], found: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== found.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = found[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== decoded(text)) return undefined;
    } else if (text === "") return undefined;
    else parameters[part.slice(1, -1)] = text;
  }
  return parameters;
}

/** As it stands where it is no percent-encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
