/** What a program without channels pays for them: nothing. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { channelSenders } from "../../../core/channels/channel-senders.ts";
import { SENT_KINDS } from "../../../core/channels/channel.ts";
import { readChannels } from "../../../core/settings/channels-environment.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { bundlePrograms } from "../../../lib/program/bundle.ts";
import { channelVariables } from "../../../lib/program/channels-environment.ts";
import { CHANNEL_SENDERS, PROGRAMS } from "../../../lib/program/programs.ts";
import { EVERY_KIND } from "../settings/every-kind.ts";
import { LIMITS } from "./channel-message.ts";

const PARTS = {
  limits: LIMITS,
  merchantsTable: "Merchants",
  merchantGatesTable: "MerchantGates",
  count: () => undefined,
  countPart: () => undefined,
  warn: () => undefined,
  now: Date.now,
};
const OF_CHANNELS = [
  "client-sesv2",
  "client-pinpoint-sms-voice-v2",
  "client-socialmessaging",
  "client-sns",
  "client-eventbridge",
  "libphonenumber-js",
  "mustache",
];

function channelsWith(kinds: readonly (typeof SENT_KINDS)[number][]) {
  const channels = readChannels(channelVariables(parseSettings({ channels: { ...EVERY_KIND, kinds } as never })));
  return channels === undefined ? {} : { channels };
}

describe("the senders of a program", () => {
  it("are none without channels", async () => {
    expect(await channelSenders({ ...PARTS, ...channelsWith([]) }).of("sms")).toBeUndefined();
  });

  it("are those of the kinds that the settings have", async () => {
    const senders = channelSenders({ ...PARTS, ...channelsWith(["sqs", "sms"]) });
    const made = await Promise.all(SENT_KINDS.map(async (kind) => (await senders.of(kind))?.kind));
    expect(made.filter((kind) => kind !== undefined)).toStrictEqual(["sms", "sqs"]);
  });

  it("are made once", async () => {
    const senders = channelSenders({ ...PARTS, ...channelsWith(["sns"]) });
    expect(await senders.of("sns")).toBe(await senders.of("sns"));
  });

  it("need an intent where a second message would be one more for the recipient", async () => {
    const senders = channelSenders({ ...PARTS, ...channelsWith(SENT_KINDS) });
    const needing = await Promise.all(
      SENT_KINDS.map(async (kind) => ((await senders.of(kind))?.needsIntent === true ? kind : undefined)),
    );
    expect(needing.filter((kind) => kind !== undefined)).toStrictEqual(["email", "sms", "whatsapp"]);
  });
});

describe.each(CHANNEL_SENDERS.carriedBy)("the bundle of %s", (program) => {
  const { folder, file } = PROGRAMS[program];
  const { outputs } = bundlePrograms().metafile;
  const packagesIn = (name: string) => {
    const inputs = Object.entries(outputs[`.build/${folder}/${name}`]?.inputs ?? {});
    const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
    return OF_CHANNELS.filter((one) => used.some((path) => path.includes(`/${one}/`)));
  };

  it("has nothing of what channels need", () => {
    expect(packagesIn(file)).toStrictEqual([]);
    expect(outputs[`.build/${folder}/${file}`]?.inputs).not.toHaveProperty([CHANNEL_SENDERS.entry]);
  });

  it("has all of it beside it, in a file that can be loaded", () => {
    expect(packagesIn(CHANNEL_SENDERS.file)).toStrictEqual(OF_CHANNELS);
    const directory = mkdtempSync(join(tmpdir(), "channel-senders-"));
    const bundled = join(bundlePrograms().bundles[program], CHANNEL_SENDERS.file);
    const copy = join(directory, "load.mjs");
    const url = JSON.stringify(pathToFileURL(bundled).href);
    writeFileSync(copy, `import { makeSender } from ${url};\nif (typeof makeSender !== "function") process.exit(1);\n`);
    const { status, stderr } = spawnSync(process.execPath, [copy], { encoding: "utf8" });
    rmSync(directory, { recursive: true, force: true });
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
  });
});
