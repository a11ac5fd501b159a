import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type Asked, ran } from "./surroundings.ts";

const directory = mkdtempSync(join(tmpdir(), "templates-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const asks = (asked: readonly Asked[]) =>
  asked.map(({ method, path, body }) => [
    method,
    path.replace("/prod/v1", ""),
    body === "" ? undefined : JSON.parse(body),
  ]);
const kept = { kind: "email", name: "receipt", language: "es", subject: "Pago", text: "Hola\nAna", isDefault: true };

describe("templates put", () => {
  it("sends what is given, texts from files too", async () => {
    const args = ["templates", "put", "email", "receipt", "es", "--subject", "Pago", "--default"];
    const text = file("t.txt", "Hola\nAna");
    const html = file("t.html", "<p>Hola</p>");
    const { code, stdout, asked } = await ran([...args, "--text-file", text, "--html-file", html], () => ({
      body: kept,
    }));
    expect(code).toBe(0);
    expect(asks(asked)).toEqual([
      [
        "PUT",
        "/templates/email/receipt/es",
        { subject: "Pago", text: "Hola\nAna", html: "<p>Hola</p>", isDefault: true },
      ],
    ]);
    expect(stdout).toContain("Hola\nAna");
  });

  it("sends parameters in their order", async () => {
    const args = ["templates", "put", "whatsapp", "receipt", "es-MX", "--parameter", "{{amount}}", "{{currency}}"];
    const { asked } = await ran(args, () => ({ body: { ...kept, parameters: ["{{amount}}", "{{currency}}"] } }));
    expect(asks(asked)[0]?.[2]).toEqual({ parameters: ["{{amount}}", "{{currency}}"] });
  });

  it.each([
    [[], "nothing to put"],
    [["--text", "a", "--text-file", "b"], "both given"],
    [["--text-file", "/nowhere"], "cannot be read"],
  ])("is refused before anything is asked: %j", async (more, told) => {
    const { code, stderr, asked } = await ran(["templates", "put", "sms", "receipt", "es", ...more], () => ({
      body: {},
    }));
    expect([code, asked.length]).toEqual([2, 0]);
    expect(stderr).toContain(told);
  });

  it("knows no other kinds", async () => {
    const { code, stderr } = await ran(["templates", "put", "fax", "receipt", "es", "--text", "a"], () => ({
      body: {},
    }));
    expect(code).toBe(2);
    expect(stderr).toContain("expected one of email, sms, whatsapp");
  });
});

describe("templates preview", () => {
  const preview = ["templates", "preview", "sms", "receipt", "es"];

  it("asks with what is to be filled in, of what is kept", async () => {
    const values = file("values.json", '{"payload":{"name":"Ana"}}');
    const { code, stdout, asked } = await ran([...preview, "--values", values], () => ({
      body: { language: "es", text: "Hola Ana", size: { encoding: "GSM 03.38", characters: 8, parts: 1 } },
    }));
    expect(code).toBe(0);
    expect(asks(asked)).toEqual([
      ["POST", "/templates/sms/receipt/es/preview", { values: { payload: { name: "Ana" } } }],
    ]);
    expect(stdout).toContain("Hola Ana");
    expect(stdout).toContain("1 part, each of which is paid: 8 characters of GSM 03.38");
  });

  it("asks with each digit of a number", async () => {
    const values = file("digits.json", '{"payload":{"folio":12345678901234567890}}');
    const { asked } = await ran([...preview, "--values", values], () => ({ body: { language: "es", text: "t" } }));
    expect(asked[0]?.body).toBe('{"values":{"payload":{"folio":12345678901234567890}}}');
  });

  it("ends with 1 where it cannot be filled in, and says why", async () => {
    const { code, stdout } = await ran([...preview, "--text", "{{payload.who}}"], () => ({
      body: { language: "es", faults: [{ part: "text", detail: "payload.who is missing" }] },
    }));
    expect(code).toBe(1);
    expect(stdout).toContain("text: payload.who is missing");
  });

  it("takes no values but an object", async () => {
    const { code } = await ran([...preview, "--values", file("list.json", "[1]")], () => ({ body: {} }));
    expect(code).toBe(2);
  });
});

describe("templates list, get and delete", () => {
  it("lists every page", async () => {
    const item = { kind: "sms", name: "receipt", languages: ["en", "es"], defaultLanguage: "en" };
    let calls = 0;
    const { stdout } = await ran(["templates", "list", "--all"], () => ({
      body: { items: [item], consistency: "strong", ...((calls += 1) === 1 && { nextCursor: "c" }) },
    }));
    expect(calls).toBe(2);
    expect(stdout).toContain("en, es");
  });

  it("shows one as it is kept", async () => {
    const { stdout } = await ran(["templates", "get", "email", "receipt", "es", "--json"], () => ({ body: kept }));
    expect(JSON.parse(stdout)).toEqual(kept);
  });

  it("says what it deleted", async () => {
    const { code, stdout } = await ran(["templates", "delete", "email", "receipt", "es"], () => ({ body: {} }));
    expect([code, stdout.trim()]).toEqual([0, "Deleted email receipt es."]);
  });
});
