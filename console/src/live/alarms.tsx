/** Each alarm with its state, those that are on first; which is opened says since when, why, and what to do. */
import type { ReactNode } from "react";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { LiveAlarm } from "./live-reads.ts";

const STATES: Readonly<Record<LiveAlarm["state"], { readonly sign: string; readonly rank: number }>> = {
  ALARM: { sign: "▲", rank: 0 },
  INSUFFICIENT_DATA: { sign: "◌", rank: 1 },
  OK: { sign: "●", rank: 2 },
  NOT_EVALUATED: { sign: "–", rank: 3 },
};

export function Alarms({ rows }: { readonly rows: readonly LiveAlarm[] }): ReactNode {
  const sorted = rows.toSorted((one, other) => STATES[one.state].rank - STATES[other.state].rank);
  return (
    <ul className="alarm-list">
      {sorted.map((alarm) => (
        <Alarm key={alarm.name} alarm={alarm} />
      ))}
    </ul>
  );
}

function Alarm({ alarm: { name, state, since, why, what, runbook } }: { readonly alarm: LiveAlarm }): ReactNode {
  const { live: says } = useTexts();
  return (
    <li className={`alarm state-${state.toLowerCase()}`}>
      <details>
        <summary>
          <span className="sign" aria-hidden="true">
            {STATES[state].sign}
          </span>
          <span className="name">{name}</span>
          <span className="state">{says.states[state]}</span>
        </summary>
        {what !== "" && <p>{what}</p>}
        {why !== "" && <p className="why">{why}</p>}
        {since !== undefined && (
          <p>
            {says.since} <Instant at={since} />
          </p>
        )}
        {runbook !== undefined && (
          <p className="runbook">
            {says.runbook} <Runbook {...runbook} />
          </p>
        )}
      </details>
    </li>
  );
}

/** A link where the settings say where the runbook is; else its path in the repository. */
function Runbook({ heading, address }: NonNullable<LiveAlarm["runbook"]>): ReactNode {
  if (!/^https?:\/\//.test(address)) return `${heading} (${address})`;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {heading}
    </a>
  );
}
