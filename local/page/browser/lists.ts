/** Panels that are no charts: big numbers, the names at the top of something, and alarms. */
import { shortNumber } from "../../../core/dashboard/show.ts";
import type { ShownAlarm, ShownAlarms, ShownContributors, ShownNumbers } from "../../../core/dashboard/shown.ts";
import { element, keyed, partOf } from "./elements.ts";

export const STATES: Readonly<
  Record<ShownAlarm["state"], { readonly sign: string; readonly text: string; readonly rank: number }>
> = {
  ALARM: { sign: "▲", text: "in alarm", rank: 0 },
  INSUFFICIENT_DATA: { sign: "◌", text: "no data yet", rank: 1 },
  OK: { sign: "●", text: "ok", rank: 2 },
  NOT_EVALUATED: { sign: "–", text: "not evaluated here", rank: 3 },
};

export function updateNumbers(body: HTMLElement, { series, unit }: ShownNumbers): void {
  body.replaceChildren(
    element(
      "dl",
      { class: "numbers" },
      ...series.map(({ label, tone, value, note }) =>
        element(
          "div",
          { class: `tone-${tone}` },
          element("dt", {}, label),
          element("dd", {}, shortNumber(value, unit), ...(note === undefined ? [] : [element("small", {}, note)])),
        ),
      ),
    ),
  );
}

export function updateContributors(body: HTMLElement, { rows, note }: ShownContributors): void {
  const most = rows[0]?.value ?? 1;
  const items = rows.map(({ name, value }) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${Math.max(1, (100 * value) / most)}%`;
    return element(
      "li",
      {},
      bar,
      element("span", { class: "name" }, name),
      element("b", {}, shortNumber(value, "count")),
    );
  });
  body.replaceChildren(
    items.length === 0
      ? element("p", { class: "none" }, note ?? "No failures.")
      : element("ol", { class: "ranking" }, ...items),
  );
}

export function updateAlarms(body: HTMLElement, { rows }: ShownAlarms): void {
  const list = keyed(body, "list", () => element("ul", { class: "alarm-list" }));
  for (const { name, state, why, what } of rows) {
    const item = keyed(list, name, () =>
      element(
        "li",
        {},
        element(
          "details",
          {},
          element(
            "summary",
            {},
            element("span", { class: "sign" }),
            element("span", { class: "name" }, name),
            element("span", { class: "state" }),
          ),
          element("p", { class: "why" }),
          element("p", { class: "what" }),
        ),
      ),
    );
    const { sign, text, rank } = STATES[state];
    item.className = `alarm state-${state.toLowerCase()}`;
    item.style.order = String(rank);
    partOf(item, "sign").textContent = sign;
    partOf(item, "state").textContent = text;
    partOf(item, "why").textContent = why;
    partOf(item, "what").textContent = what;
  }
}
