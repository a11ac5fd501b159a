/**
 * Whether a token that is narrowed to a merchant sees anything of another's: for each operation, what is another's has
 * to be answered byte for byte as what is not there, or the operation is refused to such a token altogether.
 */
import type { ApiDescription, DescribedOperation } from "./described-operations.ts";
import { type Example, exampleRequest } from "./example-request.ts";
import type { Answer, Bearer, Send } from "./request-plan.ts";

/** Ids by the name of a parameter. */
export type Things = Readonly<Record<string, string>>;

export interface FilterParties {
  readonly api: ApiDescription;
  readonly send: Send;
  readonly bearer: NonNullable<Bearer>;
  readonly own: Things;
  readonly anothers: Things;
  readonly missing: Things;
  /** Operations that no narrowed token may do anything with. */
  readonly refused: ReadonlySet<string>;
  /** Bodies and parameters with which each operation succeeds, by its id. */
  readonly examples: Readonly<Record<string, Example>>;
}

export async function merchantFilterFaults(parties: FilterParties): Promise<string[]> {
  const faults: string[] = [];
  for (const operation of parties.api.operations) {
    if (operation.scopes.length === 0) continue;
    if (parties.refused.has(operation.operationId)) {
      const answer = await ask(parties, operation, parties.own);
      if (answer.status !== 403 || !answer.text.includes("API_TOKEN_NARROWED"))
        faults.push(`${operation.operationId}: ${answer.status}, expected to be refused: ${answer.text.slice(0, 200)}`);
      continue;
    }
    for (const [what, one, other] of pairsOf(operation, parties)) {
      const [seen, nothing] = [await ask(parties, operation, one), await ask(parties, operation, other)];
      if (plain(seen) !== plain(nothing))
        faults.push(`${operation.operationId}, ${what}: ${plain(seen)}, of one that is not there: ${plain(nothing)}`);
    }
  }
  return faults;
}

/** What belongs to one merchant by itself. */
const OWNED = new Set(["transactionId", "jobId"]);

/** What is another's beside what is not there; also under one's own merchant, and hidden behind another parameter. */
function pairsOf(
  { parameters, path }: DescribedOperation,
  { own, anothers, missing }: FilterParties,
): (readonly [string, Things, Things])[] {
  const named = parameters.filter((one) => one.in === "path" || (one.in === "query" && one.name === "merchantId"));
  const names = named.map(({ name }) => name).filter((name) => Object.hasOwn(own, name));
  if (names.length === 0) return [];
  const pairs: (readonly [string, Things, Things])[] = [["another's", anothers, missing]];
  const hasAnother = names.some((name) => OWNED.has(name));
  if (names.includes("merchantId") && hasAnother && path.includes("{merchantId}"))
    pairs.push(
      [
        "another's under one's own",
        { ...anothers, merchantId: own["merchantId"] ?? "" },
        { ...missing, merchantId: own["merchantId"] ?? "" },
      ],
      ["one's own under another's", { ...own, merchantId: anothers["merchantId"] ?? "" }, missing],
    );
  return pairs;
}

async function ask(
  { api, send, bearer, examples }: FilterParties,
  operation: DescribedOperation,
  things: Things,
): Promise<Answer> {
  const { parameters = {}, body } = examples[operation.operationId] ?? {};
  const example = { parameters: { ...parameters, ...things }, ...(body !== undefined && { body }) };
  return send({ ...exampleRequest(api, operation, example), bearer });
}

const OF_THE_REQUEST = new Set(["x-request-id", "x-amzn-requestid", "date", "x-amzn-trace-id"]);

function plain({ status, headers, text }: Answer): string {
  const id = headers.get("x-request-id") ?? "";
  const kept = [...headers].filter(([name]) => !OF_THE_REQUEST.has(name));
  return `${status} ${JSON.stringify(kept)} ${id === "" ? text : text.replaceAll(id, "")}`;
}
