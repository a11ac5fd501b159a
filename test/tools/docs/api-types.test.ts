import { readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";
import { API_TYPES, apiTypes } from "../../../tools/docs/api-types.ts";

it("the client's types are those of the document: npm run api-types writes them", async () => {
  expect(readFileSync(API_TYPES, "utf8")).toBe(await apiTypes());
});
