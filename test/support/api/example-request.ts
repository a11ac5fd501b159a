/** A request of an operation as its document shows it: its examples, and ids of what is there. */
import type { ApiDescription, DescribedOperation } from "./described-operations.ts";
import type { SentRequest } from "./request-plan.ts";
import { type JsonSchema, resolved } from "./schema-values.ts";

export interface Example {
  /** In the place of the examples: of paths, queries and headers by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A text is sent as it is, as the first of the types that the operation takes. */
  readonly body?: object | string;
}

export function exampleRequest(
  api: ApiDescription,
  { method, path, parameters, body, bodyTypes }: DescribedOperation,
  { parameters: given = {}, body: givenBody }: Example = {},
): Omit<SentRequest, "bearer"> {
  const valueOf = (name: string, schema: JsonSchema) => given[name] ?? textOf(exampleOf(schema, api));
  const inPath = path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => {
    const schema = parameters.find((parameter) => parameter.in === "path" && parameter.name === name)?.schema ?? {};
    return encodeURIComponent(valueOf(name, schema));
  });
  const query = parameters.filter(
    (one) => one.in === "query" && (one.required === true || given[one.name] !== undefined),
  );
  const headers = parameters.filter(
    (one) => one.in === "header" && (one.required === true || given[one.name] !== undefined),
  );
  const pairs = query.map(({ name, schema }): [string, string] => [name, valueOf(name, schema)]);
  const asJson = body === undefined ? undefined : JSON.stringify(givenBody ?? exampleOf(body, api));
  const sent = typeof givenBody === "string" ? givenBody : asJson;
  const type = typeof givenBody === "string" ? bodyTypes[0] : "application/json";
  return {
    method,
    target: `${inPath}${pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`}`,
    headers: [
      ...headers.map(({ name, schema }) => [name, valueOf(name, schema)] as const),
      ...(sent === undefined || type === undefined ? [] : [["content-type", type] as const]),
    ],
    body: sent,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What must be there, by its example. */
function exampleOf(given: JsonSchema, api: ApiDescription): unknown {
  const schema = resolved(given, api);
  const said = schema.example ?? schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (said !== undefined) return said;
  const [either] = schema.anyOf ?? schema.oneOf ?? [];
  if (either !== undefined) return exampleOf(either, api);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, of]) => [name, exampleOf(of, api)]),
      );
    case "array":
      return schema.items === undefined ? [] : [exampleOf(schema.items, api)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return schema.format === "date-time" ? new Date().toISOString() : "x";
  }
}
