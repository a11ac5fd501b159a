/** The API's app with rows of every kind behind it, and its document, for requests that are generated. */
import { SCOPES } from "../../../core/access/scopes.ts";
import { apiDocument } from "../../../core/api/document.ts";
import { lambdaHandler } from "../../../core/api/lambda-handler.ts";
import { describedApi } from "../../support/api/described-operations.ts";
import type { HuntOptions } from "../../support/api/hunt.ts";
import { toLambda } from "../../support/api/lambda-target.ts";
import { anyRows } from "./any-rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const ROWS = 60;
const MERCHANT_SHARDS = 2;

export interface GeneratedWorld extends AsyncDisposable {
  readonly world: World;
  readonly hunting: Omit<HuntOptions, "requests" | "seed">;
}

export async function generatedWorld(): Promise<GeneratedWorld> {
  const world = await transactionsWorld();
  world.xray = async ({ input }) => ("TraceIds" in input ? { Traces: [] } : { TraceSummaries: [] });
  const rows = anyRows(ROWS, MERCHANT_SHARDS, Date.now(), 1);
  for (const row of rows) await world.dynamodb.put(row);
  return {
    world,
    hunting: {
      api: describedApi(JSON.parse(JSON.stringify(apiDocument(world.app, "https://api.example/prod"))) as object),
      send: toLambda(lambdaHandler(world.app)),
      allScopes: Object.keys(SCOPES),
      merchantIds: ["acme", "other"],
      seeds: {
        merchantId: ["acme", "other", "silent"],
        transactionId: rows.map((row) => row["transactionId"]?.S ?? ""),
      },
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
