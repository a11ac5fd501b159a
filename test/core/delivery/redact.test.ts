import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { redact, redactEach } from "../../../core/delivery/redact.ts";

/** A number of so many digits whose last one is its check digit. */
const cardNumbers = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
  .map((digits) => `${digits.join("")}${checkDigit(digits)}`);

/** Written apart from the code that is tested: position by position, from the left. */
function checkDigit(digits: readonly number[]): number {
  let sum = 0;
  for (const [index, digit] of digits.entries()) {
    const isDoubled = (digits.length - index) % 2 === 1;
    sum += isDoubled ? Math.floor((digit * 2) / 10) + ((digit * 2) % 10) : digit;
  }
  return (10 - (sum % 10)) % 10;
}

describe("what is kept of a response", () => {
  it("holds no card number, in whatever groups of digits", () => {
    fc.assert(
      fc.property(cardNumbers, fc.constantFrom("", " ", "-"), fc.integer({ min: 2, max: 6 }), (number, by, size) => {
        const grouped = (number.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(by);
        expect(redact(`card ${grouped}.`)).toBe("card [card number].");
      }),
    );
  });

  it("holds numbers that are no card's: too short, too long, or with another check digit", () => {
    for (const text of ["order 12345678", "4111111111111112", "4".repeat(25)]) expect(redact(text)).toBe(text);
  });

  it.each([
    ["Authorization: Bearer abcDEF123456.x-y_z~", "Authorization: [secret] [token]"],
    ['got "bearer 0123456789abcdef"', 'got "bearer [token]"'],
    ["basic dXNlcjpwYXNzd29yZA==", "basic [token]"],
    ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1", "token [token]"],
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw is wrong", "[secret] is wrong"],
    ["key sk_live_51H8abcdefgh", "key [secret]"],
    ["AKIAIOSFODNN7EXAMPLE", "[secret]"],
    ['{"password":"hunter2","user":"a"}', '{"password":"[secret]","user":"a"}'],
    ["client_secret=abc&x=1", "client_secret=[secret]&x=1"],
    ["X-Api-Key: 12345", "X-Api-Key: [secret]"],
    ["mail jane.doe+shop@mail.example.co.uk now", "mail [e-mail] now"],
  ])("of %j is %j", (text, kept) => {
    expect(redact(text)).toBe(kept);
  });

  it.each([
    "Basic authentication required",
    "bearer authentication",
    "a @ b",
    "v1.2.3",
    "the token is missing",
    "[1, 2]",
  ])("is %j as it is", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("holds no control characters, which could deceive a terminal, but its lines", () => {
    expect(redact("a\u001b[2Jb\u0000c\u009bd\n\te\r\n")).toBe("a[2Jbcd\n\te\r\n");
  });

  it("takes no time to speak of, whatever was sent", () => {
    for (const unit of ["a", "a.", "1", "1 ", "a@", "token=", "eyJ", "sk_", "bearer ", "-"]) {
      const text = unit.repeat(Math.ceil(65_536 / unit.length));
      expect(redact(text).length).toBeLessThanOrEqual(2 * text.length);
    }
  });
});

it("is what every pattern in turn would leave, though most texts are looked at by one alone", () => {
  const words =
    "bearer Basic eyJ whsec_ whsk- SK_ pk- rk_ ghp_ xoxa- xoxb_ xoxp_ AKIA password PASSWD secret token " +
    "api-key API_KEY apikey authorization cookie session-id sessionid session_id";
  const fragment = fc.oneof(
    fc.constantFrom(...words.split(" "), "=", ":", '": "', " ", "-", "_", "@", ".", "example.org", "\u0007", "\n"),
    fc.constantFrom("abcDEF12", "ABCDEFGHIJKLMNOP", "4111111111111111", "4111 1111 1111 1111", "1234", "S", "K"),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
      const text = fragments.join("");
      expect(redact(text)).toBe(redactEach(text));
    }),
    { numRuns: 20_000 },
  );
});
