import { describe, expect, it } from "@jest/globals";
import type { Template } from "aws-cdk-lib/assertions";
import { alarmRows, addressIn, idOf, reportedBy } from "./alarm-rows.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

function composites(of: Template) {
  return new Map(
    Object.entries(of.findResources("AWS::CloudWatch::CompositeAlarm")).map(([logicalId, { Properties }]) => [
      idOf(logicalId),
      Properties,
    ]),
  );
}

/** The rule with the ids of alarms in the place of their ARNs. */
function ruleOf(id: string, of = template): string {
  const parts: readonly (string | { "Fn::GetAtt": readonly string[] })[] =
    composites(of).get(id)?.AlarmRule["Fn::Join"][1] ?? [];
  return parts
    .map((part) => (typeof part === "string" ? part : idOf(part["Fn::GetAtt"][0] ?? "")))
    .join("")
    .replaceAll('"', "");
}

const BURNS = (of: string) =>
  `(ALARM(${of}Burn1h) AND ALARM(${of}Burn5m)) OR (ALARM(${of}Burn6h) AND ALARM(${of}Burn30m))`;

describe("somebody is woken", () => {
  it(
    "when canaries fail, when an objective burns over a long window and a short one, but not for lateness " +
      "that merchants cause",
    () => {
      expect(ruleOf("NotGettingThrough")).toBe(
        `(ALARM(Canary) OR ${BURNS("Success")} OR ((${BURNS("Late")}) AND (NOT (ALARM(CallsFail)))))`,
      );
    },
  );

  it("when something holds confirmations up", () => {
    const causes = [
      "StreamBehind",
      "OldestMessage",
      "InFlight",
      "InFlightOrdered",
      "OldestOrdered",
      "OrderedBacklog",
      "OrderedUnread",
      "NothingReleased",
      "EgressFault",
      "DependencyUnavailable",
      "CrashLoop",
    ];
    expect(ruleOf("HeldUp")).toBe(`(${causes.map((cause) => `ALARM(${cause})`).join(" OR ")})`);
  });

  it("once for an incident: causes keep still while the symptom is on", () => {
    const { ActionsSuppressor, ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } =
      composites(template).get("HeldUp") ?? {};
    expect(idOf(ActionsSuppressor["Fn::GetAtt"][0])).toBe("NotGettingThrough");
    expect([ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod]).toStrictEqual([180, 300]);
  });

  it("for these two and for what is lost, and for nothing else", () => {
    const reported = [...composites(template)].map(([id, { AlarmActions, OKActions }]) => {
      expect(OKActions).toStrictEqual(AlarmActions);
      return [id, reportedBy(AlarmActions)];
    });
    expect(reported).toStrictEqual([
      ["NotGettingThrough", "page"],
      ["HeldUp", "page"],
    ]);
    const paging = alarmRows(template).filter(({ told: who }) => who === "page");
    expect(paging.map(({ id }) => id)).toStrictEqual(["Lost"]);
  });

  it("with the address in the runbook", () => {
    expect([...composites(template).values()].map(({ AlarmDescription }) => addressIn(AlarmDescription))).toStrictEqual(
      ["docs/runbook.md#confirmations-do-not-get-through", "docs/runbook.md#something-holds-confirmations-up"],
    );
  });

  it("by objectives alone where there are no canaries", () => {
    expect(ruleOf("NotGettingThrough", synthesize({ canary: { enabled: false } }).template)).not.toContain("Canary");
  });
});

describe("what is a part of a composite alarm and tells nobody itself", () => {
  it("is in the rule of one", () => {
    const silent = alarmRows(template).filter(({ told: reported }) => reported === "nobody");
    expect(
      silent.map(({ id }) => id).filter((id) => !ruleOf("NotGettingThrough").includes(`ALARM(${id})`)),
    ).toStrictEqual([]);
  });
});
