/** Functions that this machine does not run are refused by name, with what to do. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Assembly } from "../../local/assembly/read-assembly.ts";
import { functionDefinition } from "../../local/functions/function-definition.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const folder = temporaryDirectory();
writeFileSync(join(folder, "index.mjs"), "export const handler = () => undefined;");
const assembly: Assembly = {
  stackName: "S",
  template: { Resources: {} },
  fileAsset: () => folder,
  imageAsset: () => "",
};

const defined = (properties: object) =>
  functionDefinition(
    {
      logicalId: "Publish",
      type: "AWS::Lambda::Function",
      properties: { Runtime: "nodejs24.x", Handler: "index.handler", Code: { S3Key: "a.zip" }, ...properties },
    },
    { name: "publish", arn: "arn:publish" },
    assembly,
    {},
  );

test("a bundle of the app is what runs", () => {
  expect(defined({})).toMatchObject({ module: join(folder, "index.mjs"), exportName: "handler" });
});

test.each([
  [{ Runtime: "python3.13" }, /^Publish: .* on Node.js, got the runtime python3.13; write it for nodejs/],
  [{ Code: { ZipFile: "…" } }, /^Publish: .* asset of the app, got code of another kind; use NodejsFunction/],
  [{ Handler: "main.handler" }, /^Publish: the handler main.handler is not in .*; expected a file main that ends with/],
])("what this machine does not run is refused (%#)", (properties, message) => {
  expect(() => defined(properties)).toThrow(expect.objectContaining({ code: "LOCAL_TEMPLATE_UNSUPPORTED" }));
  expect(() => defined(properties)).toThrow(message);
});
