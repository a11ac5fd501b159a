/**
 * A table that throttles some of its items while all others are well, as a hot partition does: what concerns one of
 * them is refused, in a batch that entry alone. Pure.
 */
import type { AwsCall, Interference, Json } from "./interference.ts";
import { keysLeft, statementsRefused, THROTTLED } from "./table-interference.ts";

/** Whether an item is one of those, by JSON that names it: its key, or the parameters of a statement. */
export type IsHot = (table: string, json: string) => boolean;

/** @returns undefined where the call has nothing to do with such an item */
export function itemInterference(call: AwsCall, isHot: IsHot): Interference | undefined {
  const { operation, body } = call;
  const table = (body["TableName"] ?? "") as string;
  if (operation === "BatchExecuteStatement") {
    const statements = body["Statements"] as readonly Json[];
    const hot = statements.map((statement) => isHot(tableIn(statement), JSON.stringify(statement["Parameters"] ?? [])));
    return hot.some(Boolean) ? statementsRefused(body, hot) : undefined;
  }
  if (operation === "BatchGetItem") {
    const isAny = Object.entries(body["RequestItems"] as Json).some(([name, request]) =>
      ((request as Json)["Keys"] as readonly unknown[]).some((key) => isHot(name, JSON.stringify(key))),
    );
    return isAny ? keysLeft(body, (name, key) => isHot(name, JSON.stringify(key))) : undefined;
  }
  const named = operation === "Query" ? body["ExpressionAttributeValues"] : (body["Key"] ?? body["Parameters"]);
  const of = operation === "ExecuteStatement" ? tableIn(body) : table;
  return named !== undefined && isHot(of, JSON.stringify(named)) ? { kind: "refuse", error: THROTTLED } : undefined;
}

function tableIn(statement: Json): string {
  return /(?:FROM|UPDATE|INTO)\s+"([^"]+)"/i.exec(String(statement["Statement"]))?.[1] ?? "";
}
