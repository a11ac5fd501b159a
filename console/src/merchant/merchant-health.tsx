/** Whether calls get through to a merchant, and what waits for it until when. */
import type { ReactNode } from "react";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { Health } from "./merchant-reads.ts";

const COLUMNS = 4;
const GATE_MARKS: Readonly<Record<Health["gate"], StatusIndicatorProps.Type>> = {
  open: "success",
  paused: "stopped",
  "everything paused": "stopped",
  "circuit open": "error",
  "circuit half open": "warning",
};

export function HealthShown({ health }: { readonly health: Health }): ReactNode {
  const { merchant: says } = useTexts();
  const { gate, circuit, waiting, limits, disabledUrls, pausedAt, everythingPausedAt } = health;
  const since = pausedAt ?? everythingPausedAt;
  const items: KeyValuePairsProps.Item[] = [
    { label: says.gate, value: <StatusIndicator type={GATE_MARKS[gate]}>{says.gates[gate]}</StatusIndicator> },
    ...time(says.pausedAt, since),
    { label: says.circuit, value: says.circuits[circuit.state] },
    ...time(says.openUntil, circuit.openUntil),
    ...(circuit.trips > 0 ? [{ label: says.trips, value: circuit.trips }] : []),
    { label: says.waiting, value: waiting.isWhole ? waiting.transactions : says.atLeast(waiting.transactions) },
    ...time(says.waitingSince, waiting.since),
    ...time(says.notedAt, waiting.notedAt),
    ...time(says.givenUpAt, waiting.firstGivenUpAt),
    { label: says.concurrency, value: limits.maxConcurrency ?? says.noLimit },
    { label: says.rate, value: limits.rateLimitPerSecond ?? says.noLimit },
    ...time(says.turnedAwayAt, limits.turnedAwayAt),
    ...(limits.requeuedPerSecond === undefined ? [] : [{ label: says.requeued, value: limits.requeuedPerSecond }]),
    ...(disabledUrls.length > 0
      ? [{ label: says.disabledUrls, value: <span className="id">{disabledUrls.join(", ")}</span> }]
      : []),
  ];
  return <KeyValuePairs columns={COLUMNS} items={items} />;
}

function time(label: string, at: string | undefined): KeyValuePairsProps.Item[] {
  return at === undefined ? [] : [{ label, value: <Instant at={at} /> }];
}
