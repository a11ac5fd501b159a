import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { ENV } from "../../../core/settings/names.ts";
import { PROGRAMS, type ProgramName } from "../../../lib/bundle.ts";
import { sourcesOf } from "../program-sources.ts";
import { synthesize } from "../synthesized-stack.ts";
import { TemplatePrograms } from "../template-programs.ts";

const programs = new TemplatePrograms(synthesize().template);

/** Read by the AWS SDK and by Powertools, not by our own code. */
const READ_BY_LIBRARIES = /^(AWS_REGION|POWERTOOLS_\w+)$/;

function variablesReadBy(program: ProgramName): readonly string[] {
  const meanings = sourcesOf(program).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\bENV\.(\w+)/g)].map(([, meaning]) => meaning as keyof typeof ENV),
  );
  return [...new Set(meanings.map((meaning) => ENV[meaning]))].toSorted();
}

describe.each(Object.keys(PROGRAMS) as ProgramName[])("the environment of %s", (program) => {
  const environment = programs.environmentOf(program);

  it("has every variable that the program reads, and no other", () => {
    const set = Object.keys(environment).filter((name) => !READ_BY_LIBRARIES.test(name));
    expect(set.toSorted()).toStrictEqual(variablesReadBy(program));
  });

  it("has text for every variable, or a reference to a resource", () => {
    expect(
      Object.entries(environment).filter(([, value]) => typeof value !== "string" && typeof value !== "object"),
    ).toStrictEqual([]);
  });
});
