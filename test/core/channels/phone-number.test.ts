import { describe, expect, it } from "@jest/globals";
import { judgeNumber } from "../../../core/channels/phone-number.ts";

describe("phone numbers", () => {
  it.each([
    ["+525512345678", "+525512345678", "MX"],
    ["+52 55 1234 5678", "+525512345678", "MX"],
    [" +34 612-34-56-78 ", "+34612345678", "ES"],
    ["+14155552671", "+14155552671", "US"],
    // Simulators of AWS (AWS End User Messaging SMS User Guide, "Simulator phone numbers").
    ["+33755512501", "+33755512501", "FR"],
    ["+33755512502", "+33755512502", "FR"],
  ])("%s is a number", (text, number, country) => {
    expect(judgeNumber(text, [country])).toStrictEqual({ kind: "number", number, country });
    expect(judgeNumber(text, [])).toMatchObject({ kind: "number" });
  });

  it.each([
    ["without its country", "5512345678", "begin with +"],
    ["with a prefix of a country's own", "00525512345678", "begin with +"],
    ["too short", "+52551234", "no such"],
    ["too long", "+5255123456789012345", "no such"],
    ["of no range", "+15550000000", "no such"],
    ["with letters", "+52CALLME", "no such"],
    ["with an extension", "+14155552671 ext. 5", "no such"],
    ["of no country", "+870773111632", "country"],
    ["that costs whoever calls it", "+449098790000", "none of a person"],
    ["nothing", "", "begin with +"],
  ])("refuses one %s", (_, text, why) => {
    const judged = judgeNumber(text, []);
    expect(judged).toMatchObject({ kind: "refused", why: expect.stringContaining(why) });
  });

  it("refuses one of a country that is not listed, and does not repeat the number", () => {
    const judged = judgeNumber("+525512345678", ["ES"]);
    expect(judged).toStrictEqual({ kind: "refused", why: "numbers of MX are not among channels.sms.countries" });
  });
});
