/** The dashboard in the console: how it goes now, and what was just before, by panels that the API names and fills. */
import type { ReactNode } from "react";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Chart } from "../shown/chart.tsx";
import { Failure } from "../shown/failure.tsx";
import { timeOfPeriod } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { Alarms } from "./alarms.tsx";
import { Contributors } from "./contributors.tsx";
import "./live.css";
import { type Live, type LivePanel, useLive } from "./live-reads.ts";
import { Numbers } from "./numbers.tsx";
import { usePhrases } from "./phrases.ts";

export function LivePage(): ReactNode {
  const { texts } = useSpoken();
  const { data, error, refetch } = useLive();
  return (
    <div className="live">
      <title>{`${texts.live.title} – ${texts.product}`}</title>
      <Header variant="h1" {...(data !== undefined && { description: <Now live={data} /> })}>
        {texts.live.title}
      </Header>
      {/* Said once for each change: the time, which changes all the while, is not in it. */}
      <div role="status" className="live-status">
        <Status live={data} error={error} />
      </div>
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data === undefined && error !== null && <Failure error={error} again={() => void refetch()} />}
      {data !== undefined && <Sections live={data} />}
    </div>
  );
}

function Now({ live }: { readonly live: Live }): ReactNode {
  const { texts, language } = useSpoken();
  return (
    <span className="live-until">
      {texts.live.until(timeOfPeriod(Date.parse(live.endAt), live.periodSeconds, language))}
    </span>
  );
}

function Status({ live, error }: { readonly live: Live | undefined; readonly error: Error | null }): ReactNode {
  const { texts, language } = useSpoken();
  const { live: says } = texts;
  if (live === undefined) return undefined;
  const raised = live.sections
    .flatMap(({ panels }) => panels)
    .flatMap((panel) => (panel.kind === "alarms" ? panel.rows : []))
    .filter(({ state }) => state === "ALARM")
    .map(({ name }) => name);
  const readAt = timeOfPeriod(Date.parse(live.readAt), live.periodSeconds, language);
  return (
    <>
      {error !== null && (
        <div className="stale">
          <StatusIndicator type="warning">{says.unreachable}</StatusIndicator>
        </div>
      )}
      {error === null && live.isLate && (
        <div className="stale">
          <StatusIndicator type="warning">{says.late(readAt)}</StatusIndicator>
        </div>
      )}
      <div className="alarms-now">
        {raised.length === 0 ? (
          <StatusIndicator type="success">{says.noAlarm}</StatusIndicator>
        ) : (
          <StatusIndicator type="error">{says.inAlarm(raised)}</StatusIndicator>
        )}
      </div>
    </>
  );
}

function Sections({ live }: { readonly live: Live }): ReactNode {
  const say = usePhrases();
  return live.sections.map(({ title, panels }, index) => (
    <section key={title} aria-labelledby={`section-${index}`}>
      <h2 id={`section-${index}`}>{say(title)}</h2>
      <div className="panels">
        {panels.map((panel) => (
          <article
            key={panel.id}
            data-key={panel.id}
            className={`panel ${panel.kind} columns-${panel.columns}`}
            aria-labelledby={`panel-${panel.id}`}
            title={say(panel.help)}
          >
            <h3 id={`panel-${panel.id}`}>{say(panel.title)}</h3>
            <p className="help">{say(panel.help)}</p>
            <Panel panel={panel} live={live} />
          </article>
        ))}
      </div>
    </section>
  ));
}

function Panel({ panel, live }: { readonly panel: LivePanel; readonly live: Live }): ReactNode {
  const say = usePhrases();
  if (panel.kind === "numbers") return <Numbers panel={panel} />;
  if (panel.kind === "contributors") return <Contributors panel={panel} />;
  if (panel.kind === "alarms") return <Alarms rows={panel.rows} />;
  const { endAt, periodSeconds, periods } = live;
  const series = panel.series.map((one) => ({
    ...one,
    label: say(one.label),
    ...(one.note !== undefined && { note: say(one.note) }),
  }));
  const time = { endMs: Date.parse(endAt), periodSeconds, periods };
  return <Chart kind={panel.kind} title={say(panel.title)} unit={panel.unit} series={series} {...time} />;
}
