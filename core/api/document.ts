/**
 * The OpenAPI document of the API (OpenAPI 3.1), made of the routes themselves. What merchants' secrets have is served
 * by a function of its own and is in the same document.
 */
import type { ApiApp } from "./api-app.ts";
import { SCOPES } from "../access/scopes.ts";
import { ACCESS_TOKEN } from "./operation.ts";
import { PROBLEMS } from "./problems.ts";

const TAGS = {
  Transactions: "Submit transactions, change their outcome, see what became of them",
  Imports: "Files of transactions: each row accepted, or rejected with its line and the reason",
  Merchants: "Who gets confirmations, where and how, and how it fares",
  Secrets: "What merchants verify with; in a function of its own, as it alone holds keys",
  Templates: "What recipients are told by mail, SMS and WhatsApp",
  Redeliveries: "Send again what was delivered or given up: some, or many by filter",
  Campaigns: "What became of transactions with a label: sent, delivered, failed, acknowledged",
  Operations: "Pause and resume everything; restore the table of transactions from a backup",
  Audit: "Who did what, and signed manifests of merchants' days",
  Access: "Who one is here",
  Document: "What is here",
} as const;

const DESCRIPTION = [
  "A payments company tells its merchants how each transaction ended, by calling their webhook. Whoever may submit a",
  "transaction here has it confirmed: the table behind this API is the only truth, and writing to it stays a valid way",
  "in. Answers that are refusals are `application/problem+json` (RFC 9457).",
].join(" ");

/** A body is read before it is known what for, also where an operation has none. */
const MAY_CARRY_A_BODY = ["post", "put", "patch"];
const PROBLEM_REFERENCE = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const REFUSED_BODIES = Object.fromEntries(
  [PROBLEMS.API_BODY_TOO_LARGE, PROBLEMS.API_BODY_NOT_UNDERSTOOD].map(({ status, title }) => [
    status,
    { description: title, content: PROBLEM_REFERENCE },
  ]),
);

export type ApiDocument = ReturnType<ApiApp["getOpenAPI31Document"]>;

/** Whoever asks gets one, without a token: it is made once for an app. */
const documents = new WeakMap<ApiApp, ApiDocument>();

/** Of an app whose routes are all there. @param server URL that the paths are relative to */
export function apiDocument(app: ApiApp, server: string): ApiDocument {
  let document = documents.get(app);
  if (document === undefined) documents.set(app, (document = generated(app)));
  return { ...document, servers: [{ url: server }] };
}

function generated(app: ApiApp): ApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Confirmation pipeline",
      version: "1",
      description: DESCRIPTION,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
  for (const item of Object.values(document.paths ?? {}))
    for (const method of MAY_CARRY_A_BODY) {
      const operation = (item as Readonly<Record<string, { responses: object } | undefined>>)[method];
      if (operation !== undefined) operation.responses = { ...REFUSED_BODIES, ...operation.responses };
    }
  return document;
}

/** Once for an app. */
export function registerSecurity(app: ApiApp): void {
  app.openAPIRegistry.registerComponent("securitySchemes", ACCESS_TOKEN, {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: [
      "An access token of the issuer that the operator chose (OAuth 2, OpenID Connect). Scopes:",
      ...Object.entries(SCOPES).map(([scope, says]) => `- \`${scope}\`: ${says}`),
    ].join("\n"),
  });
}
