import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { templateFaults } from "../../../../core/channels/templates/check-template.ts";
import { renderTemplate, type RenderResult } from "../../../../core/channels/templates/render-template.ts";
import { templateContext } from "../../../../core/channels/templates/template-context.ts";
import { MOST_FILLED_BYTES, type TemplateContent } from "../../../../core/channels/templates/template.ts";
import type { StepRecord } from "../../../../core/channels/steps.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";

const transaction = {
  transactionId: "t-1",
  version: 2,
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12345678901234567890.10",
  currency: "MXN",
  occurredAt: "2026-01-31T12:00:00Z",
};
const STEPS: readonly StepRecord[] = [
  { channel: "slip", result: "delivered", at: 0, attempts: 1, response: '{"barcode":"0012","sum":1.10}' },
  { channel: "note", result: "delivered", at: 0, attempts: 1, response: "REF 77" },
];
const context = (payload: AttributeMap = {}) =>
  templateContext({
    transaction: { ...transaction, payload },
    steps: STEPS,
    recipient: { merchantId: "acme", channel: "mail", to: "ana@acme.example" },
  });
const NAME = { customer: { M: { name: { S: `<b>"Ana" & 'Co'</b>` } } } } as const;
const email = (parts: Partial<Extract<TemplateContent, { kind: "email" }>>): TemplateContent => ({
  kind: "email",
  subject: "s",
  text: "t",
  ...parts,
});
const sms = (text: string): TemplateContent => ({ kind: "sms", text });
const textOf = (result: RenderResult) =>
  result.kind === "filled" ? ("text" in result.filled ? result.filled.text : "") : result.faults;

describe("a template", () => {
  it("is filled in from transaction, payload, steps and recipient, numbers with each of their digits", () => {
    const text =
      "{{transactionId}} {{version}} {{outcome}} {{amount}} {{currency}} {{payload.n}} " +
      "{{steps.slip.response.barcode}} {{steps.slip.response.sum}} {{steps.note.text}} {{recipient.to}}";
    const payload = { n: { N: "123456789012345678901234567890.5" } };
    expect(textOf(renderTemplate(sms(text), context(payload)))).toBe(
      "t-1 2 APPROVED 12345678901234567890.10 MXN 123456789012345678901234567890.5 0012 1.10 REF 77 ana@acme.example",
    );
  });

  it("escapes values in HTML, and in HTML alone", () => {
    const part = "{{payload.customer.name}}";
    const result = renderTemplate(email({ subject: part, text: part, html: `<p>${part}</p>` }), context(NAME));
    expect(result).toEqual({
      kind: "filled",
      filled: {
        kind: "email",
        subject: `<b>"Ana" & 'Co'</b>`,
        text: `<b>"Ana" & 'Co'</b>`,
        html: "<p>&lt;b&gt;&quot;Ana&quot; &amp; &#39;Co&#39;&lt;/b&gt;</p>",
      },
    });
  });

  it("never lets a value become a part of HTML, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (value) => {
        const html = '<a title="{{payload.v}}">{{payload.v}}</a>';
        const result = renderTemplate(email({ html }), context({ v: { S: value } }));
        const filled = result.kind === "filled" && result.filled.kind === "email" ? (result.filled.html ?? "") : "";
        expect(filled.replace('<a title="', "").replace('">', "").replace("</a>", "")).not.toMatch(/[<>"'`]/);
      }),
    );
  });

  it("names every value that is missing, of every part, and fills nothing in", () => {
    const result = renderTemplate(
      email({ subject: "{{payload.a}}", text: "{{payload.b.c}} {{steps.none.text}}", html: "{{payload.b.c}}" }),
      context({ b: { S: "no map" } }),
    );
    expect(result).toEqual({
      kind: "faulty",
      faults: [
        { part: "subject", detail: "payload.a is missing" },
        { part: "text", detail: "payload.b.c is missing" },
        { part: "text", detail: "steps.none.text is missing" },
        { part: "html", detail: "payload.b.c is missing" },
      ],
    });
  });

  it("leaves a section out where its value is missing, empty or false, and its opposite in", () => {
    const text = "{{#payload.note}}Note: {{payload.note}}{{/payload.note}}{{^payload.note}}none{{/payload.note}}";
    expect(textOf(renderTemplate(sms(text), context({ note: { S: "late" } })))).toBe("Note: late");
    for (const note of [undefined, { S: "" }, { BOOL: false }, { NULL: true }, { L: [] }])
      expect(textOf(renderTemplate(sms(text), context(note === undefined ? {} : { note })))).toBe("none");
  });

  it("goes through lists, with names of the innermost first", () => {
    const payload = {
      lines: { L: [{ M: { what: { S: "a" }, amount: { N: "1" } } }, { M: { what: { S: "b" } } }] },
      tags: { SS: ["x", "y"] },
    };
    const text = "{{#payload.lines}}{{what}}={{amount}};{{/payload.lines}}{{#payload.tags}}<{{.}}>{{/payload.tags}}";
    expect(textOf(renderTemplate(sms(text), context(payload)))).toBe("a=1;b=12345678901234567890.10;<x><y>");
  });

  it("has no way to what every object of JavaScript has", () => {
    for (const name of ["constructor", "__proto__", "toString", "payload.constructor.name", "payload.__proto__"])
      expect(textOf(renderTemplate(sms(`{{${name}}}`), context()))).toEqual([
        { part: "text", detail: `${name} is missing` },
      ]);
  });

  it("is not sent with a subject or a parameter of several lines", () => {
    const payload = { v: { S: "a\r\nBcc: all@acme.example" } };
    expect(renderTemplate(email({ subject: "{{payload.v}}" }), context(payload)).kind).toBe("faulty");
    const whatsapp = { kind: "whatsapp", parameters: ["{{payload.v}}"] } as const;
    expect(renderTemplate(whatsapp, context(payload))).toMatchObject({ faults: [{ part: "parameters/0" }] });
  });

  it.each([
    ["a text of 700 letters outside of GSM", "á".repeat(700), /700 characters, some of them not in GSM 03.38/],
    ["what is half of a character", "\ud83d", /a lone surrogate/],
  ])("of an SMS is not sent with %s", (_, value, detail) => {
    const result = renderTemplate(sms("{{payload.v}}"), context({ v: { S: value } }));
    expect(result).toMatchObject({ kind: "faulty", faults: [{ part: "text", detail: expect.stringMatching(detail) }] });
  });

  it("is not sent where it has grown beyond its bound, and is not filled in to its end", () => {
    const items = { L: Array.from({ length: 1000 }, () => ({ S: "x".repeat(1000) })) };
    const text = "{{#payload.items}}{{#payload.items}}{{.}}{{/payload.items}}{{/payload.items}}";
    expect(renderTemplate(email({ text }), context({ items }))).toEqual({
      kind: "faulty",
      faults: [{ part: "text", detail: `got more than ${MOST_FILLED_BYTES}, expected at most that` }],
    });
  });
});

describe("a template of lists within lists", () => {
  const items = { L: Array.from({ length: 1000 }, () => ({ S: "x" })) };
  const within = (depth: number) => `${"{{#payload.items}}".repeat(depth)}${"{{/payload.items}}".repeat(depth)}`;

  it("is given up, and takes no longer, where they multiply to more than anybody reads", () => {
    expect(renderTemplate(email({ text: within(8) }), context({ items }))).toEqual({
      kind: "faulty",
      faults: [{ part: "text", detail: "got more than 100000 values and sections, expected at most that" }],
    });
  });

  it("is filled in where they do not", () => {
    const text = "{{#payload.items}}{{.}}{{/payload.items}}";
    expect(textOf(renderTemplate(email({ text }), context({ items })))).toBe("x".repeat(1000));
  });
});

describe("what is wrong with a template", () => {
  it.each([
    ["{{payload.a", "Unclosed tag"],
    ["{{#payload}}", "Unclosed section"],
    ["{{{payload.a}}}", "Unescaped value"],
    ["{{& payload.a}}", "Unescaped value"],
    ["{{> other}}", "Partial"],
    ["{{payload..a}}", "joined by dots"],
    ["{{Amount}}", "Amount names no value"],
    ["", "got nothing"],
    ["x".repeat(32_769), "got 32769 bytes"],
    ["\ud800", "well-formed"],
    [`${"{{#payload}}".repeat(9)}${"{{/payload}}".repeat(9)}`, "Sections 9 deep"],
  ])("is told of %.40j", (text, told) => {
    expect(templateFaults(sms(text)).map(({ detail }) => detail)).toEqual([expect.stringContaining(told)]);
  });

  it("is nothing where it names what there is, and within sections what there may be", () => {
    const text = "{{! a note }}{{amount}}{{#payload.lines}}{{anything.at.all}}{{/payload.lines}}";
    expect(templateFaults(email({ subject: "{{transactionId}}", text, html: text }))).toEqual([]);
  });

  it("is a line break in a subject", () => {
    expect(templateFaults(email({ subject: "a\nb" }))).toEqual([
      { part: "subject", detail: "got a line break, expected one line" },
    ]);
  });
});
