import { describe, expect, it } from "@jest/globals";
import { shortAddress, withShortAddresses } from "../../../core/channels/short-address.ts";

describe("an address", () => {
  it.each([
    ["ana.lopez@acme.example", "a…@acme.example"],
    ["+525512345678", "+52…78"],
    ["payload.customer.email", "payload.customer.email"],
    ["payload.orders@shop.example", "p…@shop.example"],
  ])("is shortened: %s", (address, short) => {
    expect(shortAddress(address)).toBe(short);
  });

  it("is shortened wherever a service repeats it, and nothing else is", () => {
    expect(withShortAddresses("550 <ana@acme.example>, +1 425 555 0156: refused (rule 5.1.1)")).toBe(
      "550 <a…@acme.example>, +1 …56: refused (rule 5.1.1)",
    );
  });
});
