import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PROBLEMS } from "../../core/api/problems.ts";
import { FAILURE_FAULTS } from "../../core/transaction/failure-faults.ts";
import { KEYS_REFUSAL_CODES } from "../../lambdas/signing-keys/publish-keys.ts";
import { ACKNOWLEDGEMENT_REFUSALS } from "../../lambdas/receive-acknowledgements/response.ts";
import { FAILED_ON_REQUEST, REFUSAL_CODES } from "../../lambdas/confirmation-webhook/response.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const sources = globSync("{bin,lib,core,lambdas,containers,local,tools}/**/*.ts", {
  cwd: root,
  // Types of what the API answers name codes that are no errors here.
  exclude: ["**/node_modules/**", "**/api-types.ts"],
});

function section(title: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(title)) ?? "";
  return [...text.matchAll(/^### (\S+)$/gm)].map(([, code]) => code as string).toSorted();
}

describe("docs/errors.md", () => {
  it("has a heading for each failure and no other", () => {
    expect(section("Failures")).toEqual(Object.keys(FAILURE_FAULTS).toSorted());
  });

  it("says of each failure whose fault it is", () => {
    for (const [code, fault] of Object.entries(FAILURE_FAULTS)) {
      expect(page).toMatch(new RegExp(`^### ${code}\\n\\nFault: ${fault}\\.`, "m"));
    }
  });

  it("has a heading for each code of a program's errors and no other", () => {
    const codes = sources.flatMap((source) => [
      ...readFileSync(join(root, source), "utf8").matchAll(/(?:readonly code = |\| )"([A-Z]+(?:_[A-Z]+)+)"/g),
    ]);
    expect(codes.length).toBeGreaterThan(0);
    expect(section("Program errors")).toEqual([...new Set(codes.map(([, code]) => code as string))].toSorted());
  });

  it("has a heading for each code that the reference merchant responds with and no other", () => {
    expect(section("Responses of the reference merchant")).toEqual([...REFUSAL_CODES, FAILED_ON_REQUEST].toSorted());
  });

  it("has a heading for each code of the API's problems and no other, with its status", () => {
    expect(section("Problems of the API")).toEqual(Object.keys(PROBLEMS).toSorted());
    for (const [code, { status }] of Object.entries(PROBLEMS))
      expect(page).toMatch(new RegExp(`^### ${code}\\n\\n${status}\\\\. `, "m"));
  });

  it("has a heading for each code that the published keys are refused with and no other", () => {
    expect(section("Responses of the published keys")).toEqual([...KEYS_REFUSAL_CODES]);
  });

  it("has a heading for each code that an acknowledgement is refused with and no other, with its status", () => {
    expect(section("Responses to acknowledgements")).toEqual(Object.keys(ACKNOWLEDGEMENT_REFUSALS).toSorted());
    for (const [code, status] of Object.entries(ACKNOWLEDGEMENT_REFUSALS))
      expect(page).toMatch(new RegExp(`^### ${code}\\n\\n${status}\\. `, "m"));
  });

  it.each([
    ["Codes of the verifier", "verify-webhook", /WebhookError\(\s*"([A-Z_]+)"/g],
    ["Codes of the manifest verifier", "verify-manifest", /ManifestError\(\s*"([A-Z_]+)"/g],
  ])("has a heading for each of the %s and no other, as have its types", (title, program, pattern) => {
    const codesIn = (file: string, codes: RegExp): string[] => {
      const found = [...readFileSync(join(root, "verifier", file), "utf8").matchAll(codes)].map(([, code]) => code);
      return [...new Set(found as string[])].toSorted();
    };
    const thrown = codesIn(`${program}.mjs`, pattern);
    expect(thrown.length).toBeGreaterThan(0);
    expect(section(title)).toEqual(thrown);
    expect(codesIn(`${program}.d.mts`, /\| "([A-Z_]+)"/g)).toEqual(thrown);
  });
});
