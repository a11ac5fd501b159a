/** The page on erasure: whatever a stack has that may hold data of transactions is on it, with how long it does. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { synthesize } from "../lib/synthesized-stack.ts";

const page = readFileSync("docs/using/erasure.md", "utf8");
const section = /## Where else it may be\n(.*?)\n## /s.exec(page)?.[1] ?? "";
const { template } = synthesize({
  api: { cognito: true },
  events: { enabled: true },
  channels: {
    kinds: ["email"],
    emailFrom: "pay@acme.example",
    emailIdentityArns: ["arn:aws:ses:eu-west-1:123456789012:identity/acme.example"],
  },
});

/** By the property that names it; those of the alarms have no transaction's data. */
const NAMED = {
  "AWS::DynamoDB::Table": "TableName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SNS::Topic": "TopicName",
} as const;
/** Buckets have no names of their own: what the page calls them, by the beginning of their logical ids. */
const BUCKETS = {
  AuditManifests: "Bucket of manifests",
  ImportsFiles: "Bucket of imports",
  StreamTransactionsSetAside: "Bucket of `SetAside`",
} as const;

function resources(type: string): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  return Object.entries(template.findResources(type)).map(([id, { Properties = {} }]) => [id, Properties]);
}

describe("the page on erasure", () => {
  it.each(Object.entries(NAMED))("names each %s", (type, property) => {
    const values = resources(type).map(([, properties]) => properties[property]);
    const names = values.filter((name) => typeof name === "string");
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it("names each bucket", () => {
    const ids = resources("AWS::S3::Bucket").map(([id]) => id);
    const names = ids.map((id) => Object.entries(BUCKETS).find(([begin]) => id.startsWith(begin))?.[1] ?? id);
    expect(names.toSorted()).toEqual(Object.values(BUCKETS).toSorted());
    expect(names.filter((name) => !section.includes(`| ${name}`))).toEqual([]);
  });

  it("has the days that the settings have", () => {
    const days = resources("AWS::Logs::LogGroup").map(([, { RetentionInDays }]) => RetentionInDays);
    expect(new Set(days)).toEqual(new Set([daysOf("retention.logDays")]));
    const seconds = (name: string) =>
      resources("AWS::SQS::Queue").find(([, { QueueName }]) => QueueName === name)?.[1]["MessageRetentionPeriod"];
    for (const name of ["confirmations-dl.fifo", "receipts", "receipts-dl"])
      expect(seconds(name)).toBe(daysOf("retention.queueDays") * 86_400);
    const expirations = Object.fromEntries(
      resources("AWS::S3::Bucket").map(([id, { LifecycleConfiguration }]) => [
        id.replace(/Bucket.*/, ""),
        (LifecycleConfiguration as { Rules: { ExpirationInDays?: number }[] } | undefined)?.Rules.map(
          ({ ExpirationInDays }) => ExpirationInDays,
        ),
      ]),
    );
    expect(expirations).toMatchObject({
      ImportsFiles: [daysOf("imports.keptDays")],
      StreamTransactionsSetAside: [30],
    });
  });
});

function daysOf(setting: string): number {
  return Number(new RegExp(`\`${setting}\`, (\\d+) days`).exec(section)?.[1]);
}
