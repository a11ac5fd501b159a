import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";
import { mergeSettings } from "../../local/merge-settings.ts";
import { findJava, majorVersion } from "../../local/dynamodb/java.ts";
import { rateMs } from "../../local/functions/schedule.ts";
import { describeCounters } from "../../local/live-line.ts";
import { LOCAL_SETTINGS } from "../../local/local-settings.ts";
import { usablePort } from "../../local/processes/ports.ts";
import { parseStartOptions } from "../../local/start-options.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();

describe("options of npm start", () => {
  it("have defaults that the pipeline accepts", () => {
    const { ports, stateDirectory, settings } = parseStartOptions([]);
    expect({ ports, stateDirectory }).toEqual({
      ports: {
        dynamodb: 8000,
        sqs: 9324,
        api: 3000,
        control: 9325,
        issuer: 9327,
        console: 9329,
        smtp: 9328,
      },
      stateDirectory: ".local",
    });
    expect(parseSettings(settings).release.leaseSeconds).toBe(LOCAL_SETTINGS.release.leaseSeconds);
  });

  it("settings go over the local ones, group by group, from text or a file", () => {
    const file = join(directory, "settings.json");
    writeFileSync(file, '{"release":{"leaseSeconds":99}}');
    for (const given of ['{"release":{"leaseSeconds":99}}', file]) {
      const { release } = parseStartOptions(["--settings", given]).settings;
      expect(release).toEqual({ ...LOCAL_SETTINGS.release, leaseSeconds: 99 });
    }
  });

  it("name the mode, over the settings", () => {
    const modeOf = (...args: string[]) => parseSettings(parseStartOptions(args).settings).delivery;
    expect(modeOf().mode).toBe("fargate");
    expect(modeOf("--settings", '{"delivery":"lambda"}')).toMatchObject({ mode: "lambda", deadlineMs: 5000 });
    expect(modeOf("--delivery", "lambda")).toMatchObject({ mode: "lambda", deadlineMs: 5000 });
    expect(modeOf("--delivery", "fargate", "--settings", '{"delivery":"lambda"}').mode).toBe("fargate");
  });

  it.each([
    [["--delivery", "ec2"], /--delivery takes fargate, lambda, got "ec2"/],
    [["--prot-sqs", "1"], /Unknown option '--prot-sqs'/],
    [["extra"], /Unexpected argument 'extra'/],
    [["--port-api"], /--port-api/],
    [["--port-api", "70000"], /--port-api is "70000"; expected a port/],
    [["--port-sqs", "8000"], /--port-dynamodb and --port-sqs are both 8000; expected a port for each/],
    [["--settings", "{nope}"], /--settings is not JSON/],
    [["--settings", "/no/such/file"], /--settings is "\/no\/such\/file", which is neither JSON nor a file/],
    [["--settings", "null"], /--settings is null; expected an object such as/],
    [["--settings", "[]"], /--settings is \[\]; expected an object such as/],
    [["--settings", "3"], /--settings is 3; expected an object such as/],
    [["--settings", ""], /--settings is empty, expected a value/],
    [["--state", ""], /--state is empty, expected a value/],
    [["--state", " "], /--state is empty, expected a value/],
    [["--port-sqs", "1", "--port-sqs=2"], /--port-sqs is given twice, expected once/],
    [["--fresh", "--fresh"], /--fresh is given twice/],
    [["--fresh=yes"], /'--fresh' does not take an argument/],
  ])("%j gives one sentence", (args, message) => {
    const attempt = (): unknown => parseStartOptions(args);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(
      expect.objectContaining({ code: "LOCAL_OPTION_INVALID", message: expect.not.stringContaining("\n") }),
    );
  });

  it("destinations that a user allows are added to the local ones", () => {
    const text = '{"delivery":{"allowDestinations":["10.1.2.3:443","127.0.0.1:1024-65535"]}}';
    expect(parseStartOptions(["--settings", text]).settings.delivery).toEqual({
      allowDestinations: ["127.0.0.1:1024-65535", "10.1.2.3:443"],
      deadlineMs: 5000,
    });
  });

  it("other lists are replaced whole when settings are merged", () => {
    expect(
      mergeSettings({ retry: { scheduleSeconds: [1, 2], inQueueMaxSeconds: 3 } }, { retry: { scheduleSeconds: [9] } }),
    ).toEqual({
      retry: { scheduleSeconds: [9], inQueueMaxSeconds: 3 },
    });
  });
});

describe("what the machine must have", () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ["sh: java: not found", undefined],
  ])("the version of Java is read from %j", (text, version) => {
    expect(majorVersion(text)).toBe(version);
  });

  it("a missing Java gives one sentence with what to do", async () => {
    await expect(findJava("/no/java/here")).rejects.toMatchObject({
      code: "LOCAL_JAVA_MISSING",
      message: expect.stringMatching(/install a Java 17 or newer/),
    });
  });

  it("a taken port gives one sentence with the option", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as { port: number };
    await expect(usablePort(port, "SQS", "--port-sqs")).rejects.toMatchObject({
      code: "LOCAL_PORT_TAKEN",
      message: expect.stringContaining(`Port ${port} for SQS is taken by another program`),
    });
    await new Promise((resolve) => other.close(resolve));
    expect(await usablePort(0, "SQS", "--port-sqs")).toBeGreaterThan(0);
  });
});

describe("schedules", () => {
  it.each([
    ["rate(1 minute)", 60_000],
    ["rate(5 minutes)", 300_000],
    ["rate(2 hours)", 7_200_000],
  ])("%s", (expression, ms) => {
    expect(rateMs(expression)).toBe(ms);
  });

  it("others than rates are an error", () => {
    expect(() => rateMs("cron(0 12 * * ? *)")).toThrow(/cron/);
  });
});

describe("the live line", () => {
  it("says what came, what is done, what waits, and how fast", () => {
    const before = {
      seen: 100,
      confirmed: 50,
      failed: 0,
      parked: 0,
      waitingForMerchant: 0,
      queued: 0,
      inFlight: 0,
      deadLetters: 0,
      streamBacklog: 0,
    };
    const now = {
      seen: 1300,
      confirmed: 250,
      failed: 2,
      parked: 3,
      waitingForMerchant: 0,
      queued: 40,
      inFlight: 10,
      deadLetters: 2,
      streamBacklog: 5,
    };
    expect(describeCounters(now, before, 2)).toBe(
      "in 1,300 (600/s)  confirmed 250 (100/s)  waiting 45  parked 3  failed 2  dead 2",
    );
    expect(describeCounters({ ...now, waitingForMerchant: 2 }, before, 2)).toContain(
      "parked 3 (2 for their merchant)  failed",
    );
  });
});
