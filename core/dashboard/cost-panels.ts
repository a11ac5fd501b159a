/**
 * What it costs now, by what it is paid for, and for a million confirmations. Worked out from metrics and
 * `core/settings/prices.ts`: the bill comes a day later and does not know of confirmations. Calls to SQS have no
 * metric; they are those that brought messages (a receive and a delete), those that sent some, and those that came back
 * empty.
 */
import {
  CONFIRMATIONS_QUEUE_NAME,
  DUE_INDEX,
  FAILED_INDEX,
  FUNCTION_NAMES,
  MERCHANT_INDEX,
  METRICS,
  ORDERED_QUEUE_NAME,
  TRANSACTIONS_TABLE_NAME,
  WORKER_SERVICE,
} from "../settings/names.ts";
import { PRICES_USD } from "../settings/prices.ts";
import { confirmedBy, counted, ofFunction, ofQueue, sumOf } from "./metrics.ts";
import type { Calculated, Measured, Section, Tone, Value } from "./panel.ts";
import type { Place } from "./place.ts";
import { runningTasks } from "./scaling-panels.ts";

const SECONDS_PER_HOUR = 3600;
const MIB_PER_GIB = 1024;
const CPU_UNITS_PER_VCPU = 1024;
const MS_PER_SECOND = 1000;
const BYTES_PER_GB = 1e9;
const MILLION = 1e6;

/** Dollars an hour at the rate of a period. @param usdEach what one of the counted costs */
function perHour(counts: readonly Measured[], usdEach: number): Calculated {
  const { expression, using } = sumOf(counts);
  return { expression: `${expression} * ${decimal(usdEach * SECONDS_PER_HOUR)} / PERIOD(part0)`, using };
}

/** As metric math reads it: no exponent. */
function decimal(value: number): string {
  return value.toFixed(15).replace(/\.?0+$/, "");
}

function consumedWrites(index?: string): Measured {
  const dimensions = {
    TableName: TRANSACTIONS_TABLE_NAME,
    ...(index !== undefined && { GlobalSecondaryIndexName: index }),
  };
  return { namespace: "AWS/DynamoDB", name: "ConsumedWriteCapacityUnits", dimensions, statistic: "Sum" };
}

/** What was received is deleted, in batches as full. */
const CALLS_A_RECEIVE = 2;

function queueRequests(): Value {
  const perCall = PRICES_USD.perMillionQueueRequests / MILLION;
  const empty = [CONFIRMATIONS_QUEUE_NAME, ORDERED_QUEUE_NAME].map((name) =>
    ofQueue("NumberOfEmptyReceives", name, "Sum"),
  );
  const sent = counted(METRICS.batchFill, FUNCTION_NAMES.streamTransactions, "SampleCount");
  const received = counted(METRICS.batchFill, WORKER_SERVICE, "SampleCount");
  return sumOf([perHour([received], CALLS_A_RECEIVE * perCall), perHour([sent, ...empty], perCall)]);
}

function lambda({ functions }: Place): Value {
  return sumOf(
    functions.flatMap(({ name, memoryMiB }) => [
      perHour(
        [ofFunction("Duration", name, "Sum")],
        (memoryMiB / MIB_PER_GIB / MS_PER_SECOND) * PRICES_USD.perLambdaGbSecond,
      ),
      perHour([ofFunction("Invocations", name, "Sum")], PRICES_USD.perMillionInvocations / MILLION),
    ]),
  );
}

function fargate(place: Place): Value {
  const { cpu, memoryMiB } = place.settings.worker;
  const usdPerTaskHour =
    (cpu / CPU_UNITS_PER_VCPU) * PRICES_USD.perVcpuHour + (memoryMiB / MIB_PER_GIB) * PRICES_USD.perTaskGbHour;
  return { expression: `tasks * ${decimal(usdPerTaskHour)}`, using: { tasks: runningTasks(place) } };
}

function network({ natGateways }: Place): Value {
  const through = (name: string): Measured[] =>
    natGateways.map((NatGatewayId) => ({
      namespace: "AWS/NATGateway",
      name,
      dimensions: { NatGatewayId },
      statistic: "Sum",
    }));
  const handled = perHour(
    [...through("BytesInFromSource"), ...through("BytesInFromDestination")],
    PRICES_USD.perNatGb / BYTES_PER_GB,
  );
  const out = perHour(through("BytesOutToDestination"), PRICES_USD.perInternetOutGb / BYTES_PER_GB);
  return {
    expression: `handled + out + ${decimal(natGateways.length * PRICES_USD.perNatGatewayHour)}`,
    using: { handled, out },
  };
}

function logs({ logGroups }: Place): Value {
  const bytes = logGroups.map((LogGroupName) => ({
    namespace: "AWS/Logs",
    name: "IncomingBytes",
    dimensions: { LogGroupName },
    statistic: "Sum",
  }));
  return perHour(bytes, PRICES_USD.perLogGb / BYTES_PER_GB);
}

export function cost(place: Place): Section {
  const indexes = [DUE_INDEX, MERCHANT_INDEX, FAILED_INDEX];
  const writes = [consumedWrites(), ...indexes.map((index) => consumedWrites(index))];
  const drivers: readonly (readonly [string, Value, Tone])[] = [
    ["Table writes", perHour(writes, PRICES_USD.perMillionWrites / MILLION), "blue"],
    ["Queue requests", queueRequests(), "yellow"],
    ["Functions", lambda(place), "orange"],
    ["Workers", fargate(place), "green"],
    ["NAT and egress", network(place), "purple"],
    ["Logs", logs(place), "grey"],
  ];
  const confirmed = confirmedBy(place.settings);
  return {
    title: "Cost",
    panels: [
      {
        kind: "areas",
        id: "cost",
        title: "Cost drivers",
        help: "Dollars an hour at the rate of each moment, from metrics and list prices.",
        columns: 16,
        unit: "usdPerHour",
        series: drivers.map(([label, value, tone]) => ({ label, value, tone })),
      },
      {
        kind: "lines",
        id: "cost-per-million",
        title: "Cost of a million",
        help: "Dollars for a million confirmations, if all were as those of each moment.",
        columns: 8,
        unit: "usd",
        series: [
          {
            label: "Dollars per million",
            value: {
              expression: `hourly * PERIOD(called) / ${SECONDS_PER_HOUR} * ${MILLION} / confirmed`,
              using: {
                hourly: sumOf(drivers.map(([, value]) => value)),
                called: confirmed[0],
                confirmed: sumOf(confirmed),
              },
            },
            tone: "green",
          },
        ],
      },
    ],
  };
}
