import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ResponseBody } from "../../../core/delivery/response-body.ts";
import { responseText } from "../../../core/delivery/response-text.ts";

const LIMIT = 1024;
const of = (text: string | Buffer, limit = LIMIT, isWhole = true): string | undefined => {
  const bytes = Buffer.from(text as string);
  return responseText(bytes.subarray(0, limit), bytes.length, isWhole);
};

describe("the text of a response", () => {
  it("is what was answered", () => {
    expect(of('{"error":"no such order €"}\n')).toBe('{"error":"no such order €"}');
  });

  it("is nothing for an empty body, or one of blanks", () => {
    expect(of("")).toBeUndefined();
    expect(of(" \n ")).toBeUndefined();
  });

  it("that was cut may end within a character", () => {
    const text = `${"x ".repeat(511)}x€`;
    expect(of(text)).toBe("x ".repeat(511).trim());
  });

  it("is noted with its bytes where it is none", () => {
    expect(of(Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]))).toBe("[5 bytes that are not text]");
    expect(of(Buffer.alloc(5000, 0xff))).toBe("[5000 bytes that are not text]");
  });

  it("holds no part of a card number or of a secret that was cut in the middle", () => {
    const padding = ". ".repeat(500);
    expect(of(`${padding}4111 1111 1111 1111 and more`, 1012)).toBe(padding.trim());
    expect(of(`${padding}whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`, 1012)).toBe(padding.trim());
    expect(of(`${padding}jane.doe@mail.example`, 1012)).toBe(padding.trim());
  });

  it("holds no part of what was cut by a connection that broke", () => {
    expect(of("card 4111 1111 11", LIMIT, false)).toBe("card");
  });

  it("is the same of a body that comes in pieces, ASCII or not", () => {
    const ascii = fc.string({ unit: "binary-ascii", maxLength: 60 }).map((text) => Buffer.from(text));
    const text = fc.string({ unit: "binary", maxLength: 60 }).map((any) => Buffer.from(any));
    const any = fc.oneof(ascii, text, fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), fc.nat(100), fc.boolean(), (pieces, limit, isWhole) => {
        const body = new ResponseBody(limit);
        for (const piece of pieces) body.add(Buffer.from(piece), 0, piece.length);
        if (isWhole) body.close();
        const all = Buffer.concat(pieces);
        expect(body.text).toBe(responseText(all.subarray(0, limit), all.length, isWhole));
      }),
    );
  });

  it("is never longer than the limit, whatever was sent", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (bytes, limit) => {
        const text = responseText(bytes.subarray(0, limit), bytes.length, true) ?? "";
        expect(text.length).toBeLessThanOrEqual(Math.max(limit, "[200 bytes that are not text]".length));
      }),
    );
  });
});
