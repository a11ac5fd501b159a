/**
 * The page of settings, made of the schema alone: name, what it does, range, unit, default, and where it matters. One
 * line of text a paragraph or item, wrapped as the formatter wraps it.
 */
import { posix } from "node:path";
import { z } from "zod";
import { settingTexts, type SettingText } from "../../core/settings/setting.ts";
import { settingsSchema } from "../../core/settings/settings-schema.ts";

export const SETTINGS_PAGE = "docs/operating/settings.md";

const WIDTH = 120;
const INTRODUCTION = [
  "Give settings in `cdk.json` under `context.settings`, with `-c settings='{…}'`, or with " +
    '`npm start -- --settings \'{…}\'`. A dot is a level: `worker.maxTasks` is `{"worker":{"maxTasks":40}}`. All ' +
    "faults are reported together, before anything is built.",
  "`npm run settings-page` makes this page of `core/settings/settings-schema.ts`. Change it there.",
];
const TITLES: Readonly<Record<string, string>> = {
  "": "The whole pipeline",
  api: "API",
  console: "Console",
  worker: "Worker",
  delivery: "Delivery",
  lambda: "Small-account mode",
  retry: "Retries",
  circuit: "Circuit breaker",
  release: "Requeueing what is due",
  imports: "Imports of files",
  sandbox: "Sandbox",
  cutOver: "Cut-over",
  retention: "Retention",
  logs: "Logs",
  audit: "Audit",
  journal: "Journal",
  capacity: "Capacity of the table",
  stream: "Stream of the table",
  events: "Events for other services",
  channels: "Channels",
  network: "Network",
  insights: "Insights",
  objectives: "Objectives",
  canary: "Canary",
  referenceMerchant: "Reference merchant",
  alarms: "Alarms",
  tracing: "Tracing",
};

/** A setting as JSON Schema, with the members of its `SettingText` beside its own. */
interface Described extends Partial<SettingText> {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
}

export function settingsPage(): string {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { metadata: settingTexts, io: "input" }) as Described;
  const all = Object.entries(properties);
  const groups = [
    ["", all.filter(([, setting]) => setting.properties === undefined)] as const,
    ...all.flatMap(([name, { properties: inner }]) =>
      inner === undefined ? [] : [[name, Object.entries(inner)] as const],
    ),
  ];
  const sections = groups.map(([group, settings]) => {
    const items = settings.flatMap(([name, setting]) => itemsOf(group === "" ? name : `${group}.${name}`, setting));
    return `## ${titleOf(group)}\n\n${items.join("\n")}`;
  });
  return `# Settings\n\n${[...INTRODUCTION.map((text) => wrapped(text, "")), ...sections].join("\n\n")}\n`;
}

function titleOf(group: string): string {
  const title = TITLES[group];
  if (title === undefined) throw new Error(`The group of settings ${group} has no title; add one to TITLES.`);
  return title;
}

/** Of a setting, or of each within a group of its own. */
function itemsOf(name: string, setting: Described): readonly string[] {
  if (setting.properties === undefined) return [item(name, setting)];
  return Object.entries(setting.properties).flatMap(([inner, one]) => itemsOf(`${name}.${inner}`, one));
}

function item(name: string, setting: Described): string {
  if (setting.description === undefined)
    throw new Error(`The setting ${name} has no text; register it with settingTexts, the schema with its default.`);
  const see = Object.entries(setting.see ?? {}).map(
    ([path, text]) => `[${text}](${posix.relative("operating", path)})`,
  );
  const where = see.length === 0 ? "" : ` See ${see.join(" and ")}.`;
  const lines = [
    `- \`${name}\`: ${setting.description}${where}`,
    `  - ${rangeOf(setting)}`,
    `  - default: ${defaultOf(setting)}`,
  ];
  return lines.map((line) => wrapped(line, " ".repeat(line.search(/\S/) + 2))).join("\n");
}

function rangeOf({ range, type, enum: choices, minimum, maximum, unit }: Described): string {
  if (range !== undefined) return unit === undefined ? range : `${unit}, ${range}`;
  if (choices !== undefined) {
    const listed = choices.map((choice) => `\`${choice}\``).join(", ");
    return unit === undefined ? `one of ${listed}` : `${unit}, one of ${listed}`;
  }
  if (type === "boolean") return "`true` or `false`";
  return `${unit ?? "a number"}, ${minimum} to ${maximum}`;
}

function defaultOf({ byDefault, default: value }: Described): string {
  if (byDefault !== undefined) return byDefault;
  return Array.isArray(value) && value.length === 0 ? "none" : `\`${String(value)}\``;
}

/** As the formatter wraps it: a link's text may break, as any words. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  const lead = text.slice(0, text.search(/\S/));
  for (const word of text.trim().split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    const start = lines.length === 0 ? lead : indent;
    if (line !== "" && start.length + longer.length > WIDTH) {
      lines.push(start + line);
      line = word;
    } else line = longer;
  }
  return [...lines, (lines.length === 0 ? lead : indent) + line].join("\n");
}
