/** Requests for every operation of a document: as it says, with one thing wrong, and as no client should. */
import fc from "fast-check";
import type { ApiDescription, DescribedOperation, DescribedParameter } from "./described-operations.ts";
import { HOSTILE_SEGMENTS, hostileText, hostileValue, noJson, numberLiteral } from "./hostile-values.ts";
import { type Bearer, plainText, type RequestPlan } from "./request-plan.ts";
import { type Drawing, optional, valueOf } from "./schema-values.ts";
import { oneMore, otherLeaf, spoil } from "./spoiled-values.ts";
import { Known, Literal, type ValueTree } from "./value-tree.ts";

export interface PlanOptions {
  /** Merchants that tokens are narrowed to. */
  readonly merchantIds: readonly [string, ...string[]];
  readonly allScopes: readonly string[];
  /** Names of what is known when a request is sent. */
  readonly pools: ReadonlySet<string>;
}

const JSON_TYPES = ["application/json", "application/json; charset=utf-8", "Application/JSON"];
const OTHER_TYPES = [
  "application/merge-patch+json",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "",
  "application/jsonp",
  "*/*",
];
const OTHER_HEADERS: readonly (readonly [string, string])[] = [
  ["if-match", '"1"'],
  ["if-match", '"2"'],
  ["if-match", "*"],
  ["if-match", 'W/"1"'],
  ["if-match", '"1", "2"'],
  ["if-match", "1"],
  ["if-match", '"0"'],
  ["if-match", '"9007199254740993"'],
  ["if-match", '"-1"'],
  ["if-match", '"1e0"'],
  ["if-none-match", "*"],
  ["idempotency-key", "k"],
  ["idempotency-key", "x".repeat(5000)],
  ["idempotency-key", ""],
  ["accept", "application/xml"],
  ["accept-encoding", "br"],
  ["content-encoding", "gzip"],
  ["x-forwarded-for", "evil"],
  ["x-http-method-override", "DELETE"],
  ["cookie", "a=b"],
  ["traceparent", "00-x"],
  ["x-amzn-trace-id", "Root=1-0-0;Sampled=?"],
  ["origin", "https://evil.example"],
  ["range", "bytes=0-1"],
];

export function requestPlans(api: ApiDescription, options: PlanOptions): fc.Arbitrary<RequestPlan> {
  const drawing = { schemas: api.schemas, pools: options.pools };
  const byOperation = api.operations.map((operation) => {
    const sound = soundPlan(operation, { ...drawing, isPlain: true }, options);
    const drawn = fc.oneof(
      { arbitrary: sound, weight: 4 },
      { arbitrary: soundPlan(operation, { ...drawing, isPlain: false }, options), weight: 3 },
      { arbitrary: fc.tuple(sound, oneThingWrong(operation)).map(([plan, change]) => change(plan)), weight: 5 },
      ...(operation.parameters.some(({ name }) => name === "cursor")
        ? [
            {
              arbitrary: fc.tuple(sound, nextPage).map(([plan, continues]) => ({ ...plan, query: [], continues })),
              weight: 3,
            },
          ]
        : []),
    );
    return { arbitrary: drawn, weight: operation.parameters.length === 0 && operation.body === undefined ? 1 : 4 };
  });
  return fc.oneof(...byOperation);
}

/** As the document has it. */
export function soundPlan(
  operation: DescribedOperation,
  drawing: Drawing,
  options: PlanOptions,
): fc.Arbitrary<RequestPlan> {
  const { method, parameters } = operation;
  return fc.record({
    method: fc.constant(method),
    path: pathOf(operation, drawing),
    query: given(parameters, "query", drawing),
    headers: fc
      .tuple(
        given(parameters, "header", drawing),
        operation.body === undefined ? fc.constant("") : fc.constantFrom(...JSON_TYPES),
      )
      .map(([own, type]) => [
        ...own.map(([name, value]) => [name, headerValue(value)] as const),
        ...(type === "" ? [] : [["content-type", type] as const]),
      ]),
    body: operation.body === undefined ? fc.constant(undefined) : valueOf(operation.body, drawing),
    bearer: bearers(operation, options),
  });
}

function pathOf({ path, parameters }: DescribedOperation, drawing: Drawing): fc.Arbitrary<RequestPlan["path"]> {
  const pieces = path.split(/(\{[^}]+\})/).filter((piece) => piece !== "");
  return fc.tuple(
    ...pieces.map((piece): fc.Arbitrary<Literal | string | Known> => {
      if (!piece.startsWith("{")) return fc.constant(new Literal(piece));
      const name = piece.slice(1, -1);
      const schema = parameters.find((parameter) => parameter.in === "path" && parameter.name === name)?.schema ?? {};
      return valueOf(schema, drawing, name).map((value) => (value instanceof Known ? value : plainText(value)));
    }),
  );
}

function given(
  parameters: readonly DescribedParameter[],
  place: DescribedParameter["in"],
  drawing: Drawing,
): fc.Arbitrary<(readonly [string, ValueTree])[]> {
  const entries = parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, required, schema }) => {
      const entry = valueOf(schema, drawing, name).map((value): (readonly [string, ValueTree])[] => [[name, value]]);
      return required === true ? entry : optional(entry, drawing);
    });
  return fc.tuple(...entries).map((parts) => parts.flat());
}

/** What a header can carry at all: Latin-1 without control characters, and no spaces around it (RFC 9110, 5.5). */
function headerValue(value: ValueTree): string | Known {
  if (value instanceof Known) return value;
  return plainText(value).replaceAll(/[^\x21-\x7E\xA0-\xFF]/g, "");
}

function bearers({ scopes }: DescribedOperation, { merchantIds, allScopes }: PlanOptions): fc.Arbitrary<Bearer> {
  const others = allScopes.filter((scope) => !scopes.includes(scope));
  return fc.oneof<fc.WeightedArbitrary<Bearer>[]>(
    { arbitrary: fc.constant({ scopes: allScopes }), weight: 20 },
    { arbitrary: fc.constantFrom(...merchantIds).map((merchantId) => ({ scopes: allScopes, merchantId })), weight: 3 },
    { arbitrary: fc.constant({ scopes: others }), weight: 1 },
    { arbitrary: fc.constant({ scopes: [] }), weight: 1 },
    { arbitrary: fc.constant(null), weight: 1 },
  );
}

const nextPage = fc.record({
  index: fc.nat({ max: 999 }),
  forge: fc.option(fc.oneof(otherLeaf, spoil), { nil: undefined, freq: 3 }),
});

type Change = (plan: RequestPlan) => RequestPlan;

function oneThingWrong({ parameters, path, body: described }: DescribedOperation): fc.Arbitrary<Change> {
  const names = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const anyName = names.length === 0 ? hostileText : fc.oneof(fc.constantFrom(...names), hostileText);
  const queryValue: fc.Arbitrary<ValueTree> = fc.oneof(
    hostileText,
    numberLiteral.map(({ text }) => text),
    fc.constantFrom(...HOSTILE_SEGMENTS).map((text) => new Literal(text.replaceAll(/[#&\s]/g, ""))),
  );
  const changes: fc.WeightedArbitrary<Change>[] = [
    {
      arbitrary: spoil.map((change) => (plan) => ({
        ...plan,
        ...(plan.body !== undefined && { body: change(plan.body) }),
      })),
      weight: 10,
    },
    { arbitrary: fc.oneof(noJson, hostileValue).map((body) => (plan) => ({ ...plan, body })), weight: 2 },
    { arbitrary: fc.constant((plan) => ({ ...plan, body: undefined })), weight: 1 },
    {
      arbitrary: fc
        .constantFrom(...OTHER_TYPES)
        .map((type) => (plan) => ({ ...plan, headers: withHeader(plan, "content-type", type) })),
      weight: 1,
    },
    {
      arbitrary: fc.constantFrom(...OTHER_HEADERS).map(([name, value]) => (plan) => ({
        ...plan,
        headers: withHeader(plan, name, value),
      })),
      weight: 3,
    },
    {
      arbitrary: fc
        .nat()
        .map((index) => (plan) => ({ ...plan, headers: plan.headers.toSpliced(index % (plan.headers.length + 1), 1) })),
      weight: 1,
    },
    {
      arbitrary: fc.tuple(anyName, queryValue).map(([name, value]) => (plan) => ({
        ...plan,
        query: [...plan.query.filter(([one]) => one !== name), [name, value]],
      })),
      weight: 4,
    },
    {
      arbitrary: fc.tuple(anyName, queryValue).map(([name, value]) => (plan) => ({
        ...plan,
        query: [...plan.query, [name, value], [name, value]],
      })),
      weight: 1,
    },
    {
      arbitrary: fc
        .constantFrom("POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS")
        .map((method) => (plan) => ({ ...plan, method })),
      weight: 1,
    },
  ];
  if (described !== undefined)
    changes.push({
      arbitrary: oneMore.map((change) => (plan) => ({
        ...plan,
        ...(plan.body !== undefined && { body: change(plan.body) }),
      })),
      weight: 5,
    });
  if (path.includes("{"))
    changes.push({
      arbitrary: fc
        .oneof(
          fc.constantFrom(...HOSTILE_SEGMENTS).map((text): Literal | string => new Literal(text)),
          hostileText,
        )
        .map((segment) => (plan) => ({
          ...plan,
          path: plan.path.map((part) => (part instanceof Literal ? part : segment)),
        })),
      weight: 5,
    });
  return fc.oneof(...changes);
}

function withHeader({ headers }: RequestPlan, name: string, value: string): RequestPlan["headers"] {
  return [...headers.filter(([one]) => one.toLowerCase() !== name), [name, value]];
}
