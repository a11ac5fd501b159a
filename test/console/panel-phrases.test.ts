/** What the API says of panels is said in Spanish too: headings, titles, labels that are words, and help. */
import { expect, it } from "@jest/globals";
import { CHANNEL_KINDS } from "../../core/channels/channel.ts";
import { CLASS_POLICIES } from "../../core/retry/retry-policy.ts";
import { sectionsOf } from "../../core/dashboard/panels.ts";
import { ES_PANELS } from "../../console/src/texts/es-panels.ts";
import { parseSettings } from "../../core/settings/settings.ts";

const settings = parseSettings({
  api: { issuer: "https://issuer.example", audience: ["confirmations"] },
  events: { enabled: true },
  insights: { merchants: true, containers: true },
});
const sections = sectionsOf({
  settings: { ...settings, channels: { kinds: CHANNEL_KINDS.filter((kind) => kind !== "webhook") } },
  cluster: "",
  service: "",
  natGateways: [],
  functions: [],
  logGroups: [],
});
/** Names rather than words. */
const NAMES = new Set([...Object.keys(CLASS_POLICIES), "p50", "p90", "p99", "SMS", "WhatsApp"]);
/** Has numbers of the settings in it. */
const WITH_NUMBERS = /^Tasks that run; /;

it("has a Spanish phrase for each", () => {
  const said = sections.flatMap(({ title, panels }) => [
    title,
    ...panels.flatMap((panel) => [
      panel.title,
      panel.help,
      ...("series" in panel ? panel.series.map(({ label }) => label) : []),
    ]),
  ]);
  const missing = new Set(said.filter((phrase) => !(phrase in ES_PANELS) && !NAMES.has(phrase)));
  expect([...missing].filter((phrase) => !WITH_NUMBERS.test(phrase))).toEqual([]);
});
