import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "../../../lib/alarms/runbook.ts";
import { EVERY_KIND } from "../../core/settings/every-kind.ts";
import { addressIn } from "./alarm-rows.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

// With the API, events and channels, which have alarms of their own.
const channels = { ...EVERY_KIND, kinds: ["sms", "email"] } as unknown as SettingsInput["channels"];
const { template } = synthesize({ ...WITH_API, events: { enabled: true }, channels });
const page = readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8");
const sections = new Map(
  page
    .split(/^# Operating$/m)[0]
    ?.split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text]),
);

function addresses(of: typeof template): string[] {
  const all = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
    Object.values(of.findResources(type)),
  );
  return all.map(({ Properties }) => addressIn(Properties.AlarmDescription));
}

describe("the runbook", () => {
  it("has a heading for each alarm, and no other", () => {
    expect([...sections.keys()].map((heading) => runbookAddress(heading)).toSorted()).toStrictEqual(
      [...new Set(addresses(template))].toSorted(),
    );
  });

  it.each(Object.values(RUNBOOK_HEADINGS))(
    "says what it means, how bad it is, how to look into it, and what to do: %s",
    (heading) => {
      const parts = [...(sections.get(heading) ?? "").matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, part]) => part);
      expect(parts).toStrictEqual(["Means", "Notifies", "Investigate", "Resolve"]);
    },
  );

  it("links to headings that are there", () => {
    const headings = new Set(
      [...page.matchAll(/^#{1,3} (.+)$/gm)].map(([, heading = ""]) =>
        runbookAddress(heading.replaceAll(/[`,]/g, ""), ""),
      ),
    );
    const links = [...page.matchAll(/\]\((#[^)]+)\)/g)].map(([, link]) => link);
    expect(links.filter((link) => !headings.has(link ?? ""))).toStrictEqual([]);
  });

  it("is named by its path in the repository, or by its full URL where a setting gives one", () => {
    const runbookUrl = "https://wiki.example/runbook";
    expect(addresses(template)).toContain("docs/runbook.md#confirmations-are-late");
    expect(addresses(synthesize({ alarms: { runbookUrl } }).template)).toContain(
      `${runbookUrl}#confirmations-are-late`,
    );
  });
});
