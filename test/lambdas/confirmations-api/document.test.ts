import { describe, expect, it } from "@jest/globals";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { OPERATIONS } from "../../../core/access/operations.ts";
import { apiDocument } from "../../../core/api/document.ts";
import { confirmationsApi } from "../../../lambdas/confirmations-api/app.ts";

const document = apiDocument(confirmationsApi({} as never), "https://api.example/prod");
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, { operationId: string; security: Record<string, string[]>[] }>).map(
    ([method, operation]) => ({ path, method, ...operation }),
  ),
);

describe("the OpenAPI document", () => {
  it("passes the linter's strictest rules", async () => {
    const config = await createConfig({ extends: ["recommended-strict"] });
    const problems = await lintFromString({
      source: JSON.stringify(document),
      absoluteRef: "openapi.json",
      config,
    });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual(
      [],
    );
  });

  it("has each operation that there is access for, and no other", () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  });

  it("names the scopes that each operation is authorized by", () => {
    for (const { operationId, security } of operations)
      expect({ operationId, scopes: security.flatMap((one) => one["accessToken"] ?? []) }).toEqual({
        operationId,
        scopes: [...OPERATIONS[operationId as keyof typeof OPERATIONS].scopes],
      });
  });

  it("closes every object of its schemas", () => {
    const open: string[] = [];
    const visit = (at: string, schema: unknown): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { type, properties, additionalProperties } = schema as Record<string, unknown>;
      if (type === "object" && properties !== undefined && additionalProperties !== false) open.push(at);
      for (const [name, inner] of Object.entries(schema)) visit(`${at}/${name}`, inner);
    };
    visit("", document.components?.schemas);
    expect(open).toEqual([]);
  });

  it("has no default responses", () => {
    expect(JSON.stringify(document.paths)).not.toContain('"default":{"description"');
  });
});
