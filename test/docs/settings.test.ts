/** The page of settings is the one that the schema makes, and has each setting with its default. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";
import { settingPaths } from "../../core/settings/settings-faults.ts";
import { settingsSchema } from "../../core/settings/settings-schema.ts";
import { SETTINGS_PAGE, settingsPage } from "../../tools/docs/settings-page.ts";

const page = readFileSync(SETTINGS_PAGE, "utf8");

/** Default by name, as the page says it. */
function documented(): Map<string, string> {
  return new Map(
    page
      .split(/^- (?=`)/m)
      .slice(1)
      .map((item) => {
        const [, name = "", text = ""] = /^`([\w.]+)`:.*^ {2}- default: ([^\n]+)/ms.exec(item) ?? [];
        return [name, text];
      }),
  );
}

function settingAt(path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], parseSettings({}));
}

const settings = settingPaths(settingsSchema).filter(
  (path, _, paths) => !paths.some((other) => other.startsWith(`${path}.`)),
);

describe("the page of settings", () => {
  it("is what npm run settings-page writes", () => {
    expect(page).toBe(settingsPage());
  });

  it("has each setting and none that does not exist", () => {
    expect([...documented().keys()].toSorted()).toEqual(settings.toSorted());
  });

  it.each(settings)("says the default that the stack takes: %s", (path) => {
    const value = settingAt(path);
    const text = documented().get(path) ?? "";
    if (path === "retry.scheduleSeconds") expect(text).toMatch(/three days/);
    else if (value === undefined || (Array.isArray(value) && value.length === 0)) expect(text).toMatch(/^none\b/);
    else expect(text).toMatch(new RegExp(`^\`?${JSON.stringify(value).replaceAll('"', "")}(\`|,|$)`));
  });
});
