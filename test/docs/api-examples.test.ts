import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { apiDocument } from "../../core/api/document.ts";
import { confirmationsApi } from "../../lambdas/confirmations-api/app.ts";

const ROOT = join(import.meta.dirname, "../..");
const pages = globSync("docs/{using,operating}/*.md", { cwd: ROOT })
  .map((page) => readFileSync(join(ROOT, page), "utf8"))
  .join("\n");
const lines = [...pages.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block.replaceAll("\\\n", " "));
const routes = Object.entries(apiDocument(confirmationsApi({} as never), "/").paths ?? {}).flatMap(([path, item]) =>
  Object.keys(item as object).map((method) => [method.toUpperCase(), path] as const),
);

/** Without `-X`, a body makes it a POST. */
function methodOf(call: string): string {
  return /-X (\w+)/.exec(call)?.[1] ?? (/ -d /.test(call) ? "POST" : "GET");
}

const calls = lines
  .flatMap((block) => block.split(/(?=\bcurl )/))
  .filter((call) => call.startsWith("curl "))
  .map((call) => ({ method: methodOf(call), path: /\$API(\/[^\s"?]*)/.exec(call)?.[1] ?? "" }));

it.each(routes)("%s %s has an example to paste", (method, path) => {
  const pattern = new RegExp(`^${path.replace(/^\/v1/, "").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
  expect(calls.filter((call) => call.method === method && pattern.test(call.path))).not.toEqual([]);
});
