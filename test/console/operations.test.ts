/**
 * What the console calls holds a merchant's own token against whose it is, or refuses such a token altogether, so that
 * nothing in it reaches another's data.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";
import { type OperationAccess, OPERATIONS } from "../../core/access/operations.ts";
import { apiDocument } from "../../core/api/document.ts";
import { confirmationsApi } from "../../lambdas/confirmations-api/app.ts";

const CALL = /client\s*\.(GET|POST|PUT|PATCH|DELETE)\(\s*"([^"]+)"/g;

const { paths = {} } = apiDocument(confirmationsApi({} as never), "/");
const called = globSync("console/src/**/*.{ts,tsx}").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(CALL)].map(([, method = "", path = ""]) => ({ method, path })),
);

const SAFE: ReadonlySet<OperationAccess["narrowed"] | undefined> = new Set(["own", "own list", "refused"]);

it("calls nothing but operations that hold a token's merchant against whose it is, or refuse it", () => {
  expect(called.length).toBeGreaterThan(5);
  const access = called.map(({ method, path }) => {
    const item = (paths[path] ?? {}) as Readonly<Record<string, { readonly operationId: keyof typeof OPERATIONS }>>;
    const operationId = item[method.toLowerCase()]?.operationId;
    const narrowed = operationId && (OPERATIONS[operationId] as OperationAccess).narrowed;
    return { path, narrowed };
  });
  expect(access.filter(({ narrowed }) => !SAFE.has(narrowed))).toEqual([]);
});
