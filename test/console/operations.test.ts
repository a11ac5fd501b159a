/**
 * What the console calls holds a merchant's own token against whose it is, or refuses such a token altogether, so that
 * nothing in it reaches another's data.
 */
import { expect, it } from "@jest/globals";
import { type OperationAccess, OPERATIONS } from "../../core/access/operations.ts";
import { apiDocument } from "../../core/api/document.ts";
import { confirmationsApi } from "../../lambdas/confirmations-api/app.ts";
import { calledOperations } from "./called-operations.ts";

const { paths = {} } = apiDocument(confirmationsApi({} as never), "/");
const SAFE: ReadonlySet<OperationAccess["narrowed"] | undefined> = new Set(["own", "own list", "refused"]);

it("calls nothing but operations that hold a token's merchant against whose it is, or refuse it", () => {
  const called = calledOperations();
  expect(called.length).toBeGreaterThan(5);
  const access = called.map(({ method, path }) => {
    const item = (paths[path] ?? {}) as Readonly<Record<string, { readonly operationId: keyof typeof OPERATIONS }>>;
    const operationId = item[method.toLowerCase()]?.operationId;
    const narrowed = operationId && (OPERATIONS[operationId] as OperationAccess).narrowed;
    return { path, narrowed };
  });
  expect(access.filter(({ narrowed }) => !SAFE.has(narrowed))).toEqual([]);
});
