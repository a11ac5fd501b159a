import { readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";
import { COMMAND_LINE_PAGE, commandLinePage } from "../../tools/docs/command-line-page.ts";

it("the page of the command line is what its help says: npm run command-line-page writes it", async () => {
  expect(readFileSync(COMMAND_LINE_PAGE, "utf8")).toBe(await commandLinePage());
});
