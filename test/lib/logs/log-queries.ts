import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LOG_QUERIES, logQueriesOf, queryText } from "../../../lib/logs/log-queries.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const root = join(import.meta.dirname, "../../..");
const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");
const sources = globSync("{core,http1,delivery,aws,lambdas,containers}/**/*.ts", { cwd: root })
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n");
const { template } = synthesize();
const saved = Object.values(template.findResources("AWS::Logs::QueryDefinition")).map(({ Properties }) => Properties);
const groups = new Set<string>(
  Object.values(template.findResources("AWS::Logs::LogGroup")).map(({ Properties }) => Properties.LogGroupName),
);

/** Texts in the quotes of `message in […]` and `message = …`. */
function messagesIn(query: string): string[] {
  return [...query.matchAll(/message (?:in \[([^\]]*)\]|= ("[^"]*"))/g)].flatMap(([, list, one]) =>
    [...(list ?? one ?? "").matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text),
  );
}

describe("each saved query", () => {
  it.each(LOG_QUERIES)("is in CloudWatch as it is in the code: $name", (query) => {
    expect(saved.find(({ Name }) => Name === `confirmation-pipeline/${query.name}`)).toMatchObject({
      QueryString: queryText(query),
      LogGroupNames: query.logGroups,
    });
  });

  it.each(LOG_QUERIES)("asks log groups that the stack has: $name", ({ logGroups }) => {
    expect(logGroups.filter((group) => !groups.has(group))).toStrictEqual([]);
  });

  it("asks log groups that the stack has in small-account mode too, and nothing of tasks", () => {
    const { template: smallAccount } = synthesize({ delivery: { mode: "lambda" } });
    const its = new Set<string>(
      Object.values(smallAccount.findResources("AWS::Logs::LogGroup")).map(({ Properties }) => Properties.LogGroupName),
    );
    const asked = logQueriesOf("lambda").flatMap(({ logGroups }) => logGroups);
    expect(asked.filter((group) => !its.has(group))).toStrictEqual([]);
    expect(asked).toContain("/aws/lambda/confirmation-transactions");
    smallAccount.resourceCountIs("AWS::Logs::QueryDefinition", logQueriesOf("lambda").length);
  });

  it("asks the log groups of the API's functions too where what goes wrong is asked of all", () => {
    const { template: withApi } = synthesize(WITH_API);
    const its = Object.values(withApi.findResources("AWS::Logs::QueryDefinition")).map(({ Properties }) => Properties);
    const ofAll = its.find(({ Name }) => Name === "confirmation-pipeline/newest-trouble");
    const asked: readonly string[] = ofAll?.["LogGroupNames"] ?? [];
    for (const name of ["confirmations-api", "merchant-secrets", "api-authorizer"])
      expect(asked).toContain(`/aws/lambda/${name}`);
    const canaries = its.find(({ Name }) => Name === "confirmation-pipeline/canaries");
    expect(canaries?.["LogGroupNames"]).toStrictEqual(["/aws/lambda/canary"]);
  });

  it.each(LOG_QUERIES)("asks for messages that some program writes: $name", (query) => {
    expect(messagesIn(queryText(query)).filter((message) => !sources.includes(`"${message}"`))).toStrictEqual([]);
  });

  it("is quoted by the runbook as it is, and the runbook quotes no other", () => {
    const quoted = [...runbook.matchAll(/^### `([\w-]+)`\n[^]*?```\n([^]*?)\n```/gm)].map(([, name, text]) => ({
      name,
      text,
    }));
    expect(quoted).toStrictEqual(LOG_QUERIES.map((query) => ({ name: query.name, text: queryText(query) })));
  });

  it("is named by the runbook where it helps, and no other is", () => {
    const named = [...runbook.matchAll(/\[`([\w-]+)`\]\(#[\w-]+\)/g)].map(([, name = ""]) => name);
    expect([...new Set(named)].toSorted()).toStrictEqual(LOG_QUERIES.map(({ name }) => name).toSorted());
  });
});
