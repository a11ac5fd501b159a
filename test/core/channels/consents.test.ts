import { describe, expect, it } from "@jest/globals";
import type { Channel } from "../../../core/channels/channel.ts";
import { type GivenConsent, withConsents } from "../../../core/channels/consents.ts";

const NOW = Date.parse("2026-11-30T12:00Z");
const BEFORE = Date.parse("2026-06-01T12:00Z");
const to = "shop@merchant.example";
const mail = (consent?: object, address = to) =>
  ({
    id: "mail",
    kind: "email",
    to: address,
    template: "confirmed",
    ...(consent !== undefined && { when: { consent } }),
  }) as Channel;
const written = (given: GivenConsent | undefined, before?: object, address?: string) =>
  withConsents([mail(given, address) as never], before === undefined ? undefined : [mail(before)], "sue", NOW)[0]?.when
    ?.consent;

const given = { given: true, at: BEFORE, by: "joe" };
const withdrawn = { given: false, at: BEFORE, by: "joe" };

describe("a consent that is written", () => {
  it.each<[string, GivenConsent | undefined, object | undefined, object | undefined]>([
    ["has the time and who wrote it", { given: true }, undefined, { given: true, at: NOW, by: "sue" }],
    [
      "has the time and the name that it came with",
      { given: true, at: "2026-11-01T10:00:00+01:00", by: "onboarding" },
      undefined,
      { given: true, at: Date.parse("2026-11-01T09:00Z"), by: "onboarding" },
    ],
    ["stays what it is where it is written again", { given: true }, given, given],
    ["is withdrawn from now on", { given: false }, given, { given: false, at: NOW, by: "sue" }],
    ["is given anew after it was withdrawn", { given: true }, withdrawn, { given: true, at: NOW, by: "sue" }],
    ["stays withdrawn where nothing is said of it", undefined, withdrawn, withdrawn],
    ["is taken away where it was given and nothing is said of it", undefined, given, undefined],
  ])("%s", (_, now, before, expected) => {
    expect(written(now, before)).toEqual(expected);
  });

  it("is of one address: another one's starts anew", () => {
    expect(written({ given: true }, given, "other@merchant.example")).toEqual({ given: true, at: NOW, by: "sue" });
    expect(written(undefined, withdrawn, "other@merchant.example")).toBeUndefined();
  });

  it.each([
    ["in other letters", to, "Shop@MERCHANT.example"],
    ["with its domain as it is sent", "ana@bücher.example", "ana@xn--bcher-kva.example"],
  ])("is of one address, also where that is written %s", (_, address, again) => {
    const before = mail(withdrawn, address);
    expect(withConsents([mail(undefined, again) as never], [before], "sue", NOW)[0]?.when?.consent).toEqual(withdrawn);
  });

  it("is of one URL, also where that is written in other letters", () => {
    const web = (url: string, consent?: object) =>
      ({ id: "web", kind: "webhook", url, ...(consent && { when: { consent } }) }) as Channel;
    const [kept] = withConsents(
      [web("https://shop.example/") as never],
      [web("https://SHOP.example", withdrawn)],
      "sue",
      NOW,
    );
    expect(kept?.when?.consent).toEqual(withdrawn);
  });

  it("leaves all other members of a channel as they are, and no condition where there is none", () => {
    expect(withConsents([mail() as never], undefined, "sue", NOW)).toEqual([mail()]);
  });
});
