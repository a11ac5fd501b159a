/**
 * The types of the command line's client, made from the API's own document. The generator needs TypeScript 5, which the
 * workspace `tools/openapi-types` has for it alone.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "oxfmt";
import { apiDocument } from "../../core/api/document.ts";
import { confirmationsApi } from "../../lambdas/confirmations-api/app.ts";

const ROOT = join(import.meta.dirname, "../..");
export const API_TYPES = join(ROOT, "bin/confirmations/api/api-types.ts");
const GENERATOR = join(ROOT, "tools/openapi-types/package.json");
const HEADER = "/** Made from the OpenAPI document by `npm run api-types`, and held equal to it by a test. */\n";

interface Generator {
  readonly default: (document: object, options: object) => Promise<unknown>;
  readonly astToString: (ast: unknown) => string;
}

export async function apiTypes(): Promise<string> {
  const { default: typesOf, astToString } = createRequire(GENERATOR)("openapi-typescript") as Generator;
  // A route's parts are asked for when it is called, and none is.
  const document = apiDocument(confirmationsApi({} as never), "/");
  // As it is served, and for the generator to change as it likes.
  const served = JSON.parse(JSON.stringify(document)) as object;
  const ast = await typesOf(served, { alphabetize: true, exportType: false });
  // What each member is for is in the document; lines of prose have no bound there.
  const types = astToString(ast).replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "");
  const { code } = await format("api-types.ts", HEADER + types, { printWidth: 120 });
  return code;
}
