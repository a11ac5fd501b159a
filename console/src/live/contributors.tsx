/** Who is at the top, most first. Names are hostile input, and text alone. */
import type { ReactNode } from "react";
import { shortNumber } from "../../../core/dashboard/show.ts";
import { useSpoken } from "../texts/texts.tsx";
import type { LiveContributors } from "./live-reads.ts";

const LEAST_WIDTH = 1;

export function Contributors({ panel: { rows, note } }: { readonly panel: LiveContributors }): ReactNode {
  const { texts, language } = useSpoken();
  if (rows.length === 0)
    return <p className="none">{note === undefined ? texts.live.noFailures : texts.live.noRule}</p>;
  const most = rows[0]?.value ?? 1;
  return (
    <ol className="ranking">
      {rows.map(({ name, value }) => (
        <li key={name}>
          <span
            className="bar"
            aria-hidden="true"
            style={{ width: `${Math.max(LEAST_WIDTH, (100 * value) / most)}%` }}
          />
          <span className="name">{name}</span>
          <b>{shortNumber(value, "count", language)}</b>
        </li>
      ))}
    </ol>
  );
}
