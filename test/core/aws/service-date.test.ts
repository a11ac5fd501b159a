import { describe, expect, it } from "@jest/globals";
import { hearDate, isUntouched } from "../../../core/aws/service-date.ts";

describe("the date of a service", () => {
  it.each(["", "soon", undefined, ["Sun, 22 Nov 2026 10:00:00 GMT", "x"], 5])("is none where it is %p", (date) => {
    const heard: unknown[] = [];
    hearDate({ wants: () => true, heard: (...times) => void heard.push(times) }, date, 0);
    expect(heard).toEqual([]);
  });

  it.each([
    ["https:", "sqs.eu-central-1.amazonaws.com", true],
    ["http:", "127.0.0.1", true],
    ["http:", "localhost", true],
    ["http:", "[::1]", true],
    ["http:", "10.0.0.1", false],
    ["http:", "127.0.0.1.example", false],
    ["http:", "sqs.example", false],
  ])("of %s//%s is its own word: %p", (protocol, hostname, isItsOwn) => {
    expect(isUntouched({ protocol, hostname })).toBe(isItsOwn);
  });
});
