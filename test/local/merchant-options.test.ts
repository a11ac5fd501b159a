import { describe, expect, it } from "@jest/globals";
import { parseMerchantOptions } from "../../local/merchant-options.ts";

const HOUR_MS = 3_600_000;

describe("options of npm run merchant", () => {
  it.each([
    [["m-1"], { kind: "show" }],
    [["m-1", "--url", "http://127.0.0.1:9000/"], { kind: "register", url: "http://127.0.0.1:9000/" }],
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
    [["m-1", "--rotat"], /Unknown option '--rotat'/],
  ])("%j are refused with one sentence and the usage", (args, said) => {
    expect(() => parseMerchantOptions(args)).toThrow(said);
    expect(() => parseMerchantOptions(args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });
});
