import { describe, expect, it } from "@jest/globals";
import { simpleParser } from "mailparser";
import { asciiSender } from "../../../core/channels/mail-sender.ts";

async function readBack(sender: string): Promise<object | undefined> {
  const { from } = await simpleParser(`From: ${asciiSender(sender)}\r\n\r\n`);
  return from?.value[0];
}

describe("who a mail comes from", () => {
  it.each([
    ["confirmations@acme.example", "confirmations@acme.example"],
    ["Acme Shop <a@acme.example>", "Acme Shop <a@acme.example>"],
    ["Acme, Inc. <a@acme.example>", '"Acme, Inc." <a@acme.example>'],
    ["a\\b <a@acme.example>", '"a\\\\b" <a@acme.example>'],
    ["Café <a@acme.example>", "=?UTF-8?B?Q2Fmw6k=?= <a@acme.example>"],
    ["Acme <a@bücher.example>", "Acme <a@xn--bcher-kva.example>"],
  ])("is written as SES takes it: %s", (sender, written) => {
    expect(asciiSender(sender)).toBe(written);
  });

  it.each([
    "Acme, Inc.",
    "Tienda Ñandú (México): ventas; pagos",
    "ĳ".repeat(64),
    "店舗の確認メールをお送りします。".repeat(3),
  ])("is read as what it was: %s", async (name) => {
    const written = asciiSender(`${name} <a@acme.example>`);
    expect(written).toMatch(/^[ -~]*$/);
    for (const word of written.split(" ")) expect(word.startsWith("=?") ? word.length : 0).toBeLessThanOrEqual(75);
    expect(await readBack(`${name} <a@acme.example>`)).toEqual({ name, address: "a@acme.example" });
  });
});
