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
    [[], /^Expected one merchant id, got none\. Usage: /],
    [["m-1", "m-2"], /^Expected one merchant id/],
    [[""], /^The merchant id is "", expected a text of 1 to 1024 bytes/],
    [["x".repeat(1025)], /^The merchant id is "x+…, expected a text of 1 to 1024 bytes/],
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
    [["m-1", "--rotat"], /Unknown option '--rotat'/],
  ])("%j are refused with one sentence and the usage", (args, said) => {
    expect(() => parseMerchantOptions(args)).toThrow(said);
    expect(() => parseMerchantOptions(args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });
});
