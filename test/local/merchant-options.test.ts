import { describe, expect, it } from "@jest/globals";
import { parseMerchantOptions } from "../../local/merchant-options.ts";

const HOUR_MS = 3_600_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

describe("options of npm run merchant", () => {
  it.each([
    [["m-1"], { kind: "show" }],
    [["m-1", "--url", "http://127.0.0.1:9000/"], { kind: "register", url: "http://127.0.0.1:9000/" }],
    [["m-1", "--retry-schedule", "5,30,300"], { kind: "retry schedule", retrySchedule: [5, 30, 300] }],
    [["m-1", "--retry-schedule", "default"], { kind: "retry schedule", retrySchedule: "default" }],
    [
      ["m-1", "--url", "http://127.0.0.1:9000/", "--retry-schedule", "5, 30"],
      { kind: "register", url: "http://127.0.0.1:9000/", retrySchedule: [5, 30] },
    ],
    [["m-1", "--rotate"], { kind: "rotate", overlapMs: 24 * HOUR_MS, force: false }],
    [["--rotate", "m-1", "--overlap-hours", "0.5", "--force"], { kind: "rotate", overlapMs: HOUR_MS / 2, force: true }],
    [["m-1", "--secret", SECRET], { kind: "import secret", secret: SECRET, overlapMs: 24 * HOUR_MS, force: false }],
    [
      ["m-1", "--secret", SECRET, "--url", "http://127.0.0.1:9000/", "--overlap-hours", "1", "--force"],
      { kind: "import secret", secret: SECRET, overlapMs: HOUR_MS, force: true, url: "http://127.0.0.1:9000/" },
    ],
    [["m-1", "--rotate", "--overlap-hours", "0"], { kind: "rotate", overlapMs: 0, force: false }],
  ])("%j", (args, action) => {
    expect(parseMerchantOptions(args)).toEqual({
      merchantId: "m-1",
      action,
      stateDirectory: ".local",
      showSecret: false,
    });
  });

  it.each([
    [["m-1", "--pause"], { health: { kind: "pause" } }],
    [["--resume", "m-1"], { health: { kind: "resume" } }],
    [["m-1", "--enable"], { health: { kind: "enable" } }],
    [["m-1", "--enable", "--state", ".local"], { health: { kind: "enable" } }],
    [["m-1", "--enable", "https://a.example/in"], { health: { kind: "enable", url: "https://a.example/in" } }],
    [["m-1", "--rate-limit", "50"], { limits: { rateLimitPerSecond: 50 } }],
    [
      ["m-1", "--rate-limit", "none", "--max-concurrency", "2"],
      { limits: { rateLimitPerSecond: "none", maxConcurrency: 2 } },
    ],
    [
      ["m-1", "--pause", "--max-concurrency", "none"],
      { health: { kind: "pause" }, limits: { maxConcurrency: "none" } },
    ],
  ])("%j change gate and limits", (args, changes) => {
    const shown = { merchantId: "m-1", action: { kind: "show" }, stateDirectory: ".local", showSecret: false };
    expect(parseMerchantOptions(args)).toEqual({ ...shown, ...changes });
  });

  it("register a merchant with its limits in one step", () => {
    expect(parseMerchantOptions(["m-1", "--url", "http://127.0.0.1:9000/", "--rate-limit", "5"])).toMatchObject({
      action: { kind: "register" },
      limits: { rateLimitPerSecond: 5 },
    });
  });

  it.each([
    [[], /^Expected one merchant id, got none\. See: npm run merchant -- --help$/],
    [["m-1", "m-2"], /^Expected one merchant id/],
    [[""], /^The merchant id is "", expected a text of 1 to 1024 bytes/],
    [["x".repeat(1025)], /^The merchant id is "x+…, expected a text of 1 to 1024 bytes/],
    [["*", "--url", "http://127.0.0.1:9000/"], /^The merchant id is "\*", which stands for all merchants/],
    [["*", "--pause"], /^The merchant id is "\*", which stands for all merchants: `npm run pause`/],
    [["pipeline-canary", "--pause"], /^The merchant id is "pipeline-canary", which is the pipeline's own merchant/],
    [["rate limit of m-1", "--pause"], /where the pipeline counts calls/],
    [["..", "--url", "http://127.0.0.1:9000/"], /^The merchant id is "\.\.", which is no name in the path of a URL/],
    [["."], /which is no name in the path of a URL/],
    [["  "], /expected a text of 1 to 1024 bytes/],
    [["m\n1"], /^The merchant id is "m\\n1", expected a text without control characters/],
    [["m\u{7f}1"], /expected a text without control characters/],
    [["m-1", "--url", "nowhere"], /--url is "nowhere"; expected an http or https URL such as/],
    [["m-1", "--url", "ftp://127.0.0.1/"], /--url is "ftp:\/\/127.0.0.1\/"; expected an http or https URL/],
    [["m-1", "--url", ""], /--url is empty/],
    [["m-1", "--url", "http://a/", "--url", "http://b/"], /--url is given twice/],
    [["m-1", "--state", ""], /--state is empty/],
    [["m-1", "--rotate", "--overlap-hours", "1d"], /--overlap-hours is "1d"; expected hours from 0 to 168/],
    [["m-1", "--rotate", "--overlap-hours", "169"], /expected hours from 0 to 168/],
    [["m-1", "--overlap-hours", "1"], /go with --rotate/],
    [["m-1", "--force"], /go with --rotate/],
    [["m-1", "--rotate", "--url", "http://127.0.0.1:9000/"], /two steps/],
    [["m-1", "--rotate", "--retry-schedule", "5"], /two steps/],
    [["m-1", "--retry-schedule", ""], /--retry-schedule is empty, expected a value/],
    [["m-1", "--retry-schedule", "5,,30"], /--retry-schedule is "5,,30"/],
    [["m-1", "--retry-schedule", "5s"], /--retry-schedule is "5s"/],
    [["m-1", "--retry-schedule", "0"], /--retry-schedule is "0"/],
    [["m-1", "--retry-schedule", "604801"], /from 1 to 604800 joined by commas/],
    [["m-1", "--pause", "--resume"], /^--pause and --resume are two steps/],
    [["m-1", "--rotate", "--pause"], /two steps/],
    [["m-1", "--rotate", "--secret", SECRET], /^--rotate and --secret are two steps/],
    [["m-1", "--secret", SECRET, "--retry-schedule", "5"], /^--secret and --retry-schedule are two steps/],
    [["m-1", "--secret", SECRET, "--rate-limit", "5"], /^--secret and a change of gate or limits are two steps/],
    [["m-1", "--secret", "hunter2"], /^--secret cannot be used: A secret must be whsec_ and base64 of 24 to 64 bytes/],
    [["m-1", "--enable", "shop"], /--enable is "shop"; expected a disabled URL, or nothing for all of them/],
    [["--enable", "m-1"], /^Expected one merchant id/],
    [["m-1", "--rate-limit", "0"], /--rate-limit is "0"; expected "none" or a whole number from 1 to 1000000/],
    [["m-1", "--rate-limit", "1.5"], /--rate-limit is "1\.5"/],
    [["m-1", "--max-concurrency", "many"], /--max-concurrency is "many"/],
    [["m-1", "--rotat"], /Unknown option '--rotat'/],
  ])("%j are refused in one line", (args, said) => {
    expect(() => parseMerchantOptions(args)).toThrow(said);
    expect(() => parseMerchantOptions(args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });

  it("show the secret where that is asked for", () => {
    expect(parseMerchantOptions(["m-1", "--show-secret"])).toMatchObject({ showSecret: true });
  });

  it("never show a secret that they refuse", () => {
    expect(() => parseMerchantOptions(["m-1", "--secret", "hunter2"])).not.toThrow(/hunter2/);
  });
});
