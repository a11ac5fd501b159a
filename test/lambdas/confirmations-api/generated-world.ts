/** The API's app with rows of every kind behind it, and its document, for requests that are generated. */
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { randomUUID } from "node:crypto";
import { SCOPES } from "../../../core/access/scopes.ts";
import { apiDocument } from "../../../core/api/document.ts";
import { lambdaHandler } from "../../../core/api/lambda-handler.ts";
import { describedApi } from "../../support/api/described-operations.ts";
import type { HuntOptions } from "../../support/api/hunt.ts";
import { toLambda } from "../../support/api/lambda-target.ts";
import type { Send } from "../../support/api/request-plan.ts";
import { AuditedWrites } from "../../../core/aws/audited-writes.ts";
import { MerchantRegistry } from "../../../core/aws/merchant-registry.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { merchantSecrets } from "../../../lambdas/merchant-secrets/app.ts";
import { API_TABLES } from "./api-tables.ts";
import { anyRows } from "./any-rows.ts";
import { LABELS, transactionsWorld, type World } from "./transactions-world.ts";

const ROWS = 60;
const MERCHANT_SHARDS = 2;

export interface GeneratedWorld extends AsyncDisposable {
  readonly world: World;
  readonly hunting: Omit<HuntOptions, "requests" | "seed">;
}

export async function generatedWorld(): Promise<GeneratedWorld> {
  const world = await transactionsWorld();
  world.s3 = async () => ({});
  world.xray = async ({ input }) => ("TraceIds" in input ? { Traces: [] } : { TraceSummaries: [] });
  const live = { endMs: Date.now(), periodSeconds: 60, periods: 1, sections: [] };
  world.readLive = async () => ({ value: live, readAtMs: Date.now() });
  const rows = anyRows(ROWS, MERCHANT_SHARDS, Date.now(), 1);
  for (const row of rows) await world.dynamodb.put(row);
  return {
    world,
    hunting: {
      api: describedApi(JSON.parse(JSON.stringify(apiDocument(world.app, "https://api.example/prod"))) as object),
      send: asRouted(toLambda(lambdaHandler(world.app)), toLambda(lambdaHandler(secretsApp(world)))),
      allScopes: Object.keys(SCOPES),
      merchantIds: ["acme", "other"],
      seeds: {
        merchantId: ["acme", "other", "silent"],
        label: [...LABELS, "other"],
        transactionId: rows.map((row) => row["transactionId"]?.S ?? ""),
      },
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** Routes of the REST API that lead to `merchant-secrets`. */
const OF_SECRETS = /^\/v1\/merchants\/[^/]+\/(?:client-certificate|keys|oauth2|rotate|secret|secret-headers)$/;

function asRouted(toApi: Send, toSecrets: Send): Send {
  // By the path that comes of it: `/v1/merchants/./keys` is one of the merchant `keys`.
  const isOfSecrets = (target: string) => OF_SECRETS.test(new URL(target, "https://api.example").pathname);
  return (request) => (isOfSecrets(request.target) ? toSecrets : toApi)(request);
}

/** Over the same tables; secrets that are brought along are kept beside them. */
function secretsApp({ dynamodb: { client }, logged }: World) {
  const sealed = new Map<string, string>();
  const audited = new AuditedWrites(client, API_TABLES.auditLogTable);
  return merchantSecrets({
    logError: (...line) => logged.push(line),
    holder: {
      registry: new MerchantRegistry(client, API_TABLES.merchantsTable, audited),
      audited,
      masterKeys: async () => parseMasterKeys(JSON.stringify({ "1": "a".repeat(40), "2": "b".repeat(40) })),
      openSecret: async (ciphertext) => sealed.get(Buffer.from(ciphertext).toString("utf8")) ?? "",
      sealSecret: async (_merchantId, secret) => {
        const id = randomUUID();
        sealed.set(id, secret);
        return Buffer.from(id);
      },
      guard: new AddressGuard([]),
      nowMs: Date.now,
    },
  });
}
