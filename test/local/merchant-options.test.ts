import { describe, expect, it } from "@jest/globals";
import { parseMerchantOptions } from "../../local/merchant-options.ts";

const HOUR_MS = 3_600_000;

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
    [["m-1", "--rotate", "--overlap-hours", "0"], { kind: "rotate", overlapMs: 0, force: false }],
  ])("%j", (args, action) => {
    expect(parseMerchantOptions(args)).toEqual({ merchantId: "m-1", action, stateDirectory: ".local" });
  });

  it.each([
    [[], /^Expected one merchant id\. Usage: /],
    [["m-1", "m-2"], /^Expected one merchant id/],
    [["m-1", "--url", "nowhere"], /--url is "nowhere", which is no URL/],
    [["m-1", "--rotate", "--overlap-hours", "1d"], /--overlap-hours is "1d"; expected hours from 0 to 168/],
    [["m-1", "--rotate", "--overlap-hours", "169"], /expected hours from 0 to 168/],
    [["m-1", "--overlap-hours", "1"], /go with --rotate/],
    [["m-1", "--force"], /go with --rotate/],
    [["m-1", "--rotate", "--url", "http://127.0.0.1:9000/"], /two steps/],
    [["m-1", "--rotate", "--retry-schedule", "5"], /two steps/],
    [["m-1", "--retry-schedule", ""], /--retry-schedule is ""; expected "default", or at most 50 whole seconds from 1/],
    [["m-1", "--retry-schedule", "5,,30"], /--retry-schedule is "5,,30"/],
    [["m-1", "--retry-schedule", "5s"], /--retry-schedule is "5s"/],
    [["m-1", "--retry-schedule", "0"], /--retry-schedule is "0"/],
    [["m-1", "--retry-schedule", "604801"], /from 1 to 604800 joined by commas/],
    [["m-1", "--rotat"], /Unknown option '--rotat'/],
  ])("%j are refused with one sentence and the usage", (args, said) => {
    expect(() => parseMerchantOptions(args)).toThrow(said);
    expect(() => parseMerchantOptions(args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });
});
