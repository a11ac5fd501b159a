/** Big numbers: sums of the time that is shown, or the newest. */
import type { ReactNode } from "react";
import { shortNumber } from "../../../core/dashboard/show.ts";
import { toneStyle } from "../shown/chart.tsx";
import { useGround } from "../shown/ground.ts";
import { useSpoken } from "../texts/texts.tsx";
import type { LiveNumbers } from "./live-reads.ts";
import { usePhrases } from "./phrases.ts";

export function Numbers({ panel: { series, unit } }: { readonly panel: LiveNumbers }): ReactNode {
  const { language } = useSpoken();
  const ground = useGround();
  const say = usePhrases();
  return (
    <dl className="big">
      {series.map(({ label, tone, value, note }) => (
        <div key={label} style={toneStyle(tone, ground)}>
          <dt>{say(label)}</dt>
          <dd>
            {shortNumber(value, unit, language)}
            {note !== undefined && <small>{say(note)}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
