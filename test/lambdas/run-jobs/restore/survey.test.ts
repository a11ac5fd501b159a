import { describe, expect, it } from "@jest/globals";
import type { RestorePlanSpec, Survey } from "../../../../core/jobs/restore/spec.ts";
import { completedSurvey, type SurveyParts } from "../../../../lambdas/run-jobs/restore/survey.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.parse("2026-11-22T14:00:00Z");

const none = () => {
  throw new Error("nobody asks for that");
};
const parts = {
  dynamodb: {} as never,
  streams: {} as never,
  transactionsTable: "Transactions",
  journal: { firstAt: async () => undefined, list: async () => ({ files: [] }) },
  timeToLive: { turn: none },
  now: () => NOW,
} satisfies SurveyParts;

function completed(restoredTo: number, survey: Partial<Survey> = {}): Promise<Survey> {
  const spec: RestorePlanSpec = {
    fromTable: "Transactions-restored",
    restoredTo,
    damagedAt: restoredTo,
    sources: ["stream", "journal"],
  };
  const before = { shards: [], isStreamWhole: true, unknownTimes: [], isTimeToLiveOn: false, ...survey };
  return completedSurvey(spec, before, parts);
}

describe("a survey, once all sources are read", () => {
  it("knows of no unknown time where the stream had all since the backup until then", async () => {
    expect(await completed(NOW - 23 * HOUR_MS)).toMatchObject({
      isStreamWhole: true,
      unknownTimes: [],
      isComplete: true,
    });
  });

  it("asks the journal for unknown times where the stream forgot some of it while it was read", async () => {
    const restoredTo = NOW - 24 * HOUR_MS;
    expect(await completed(restoredTo)).toMatchObject({
      isStreamWhole: false,
      unknownTimes: [{ from: restoredTo, to: NOW }],
      isComplete: true,
    });
  });

  it("stays as it was where the stream was not whole before", async () => {
    const unknownTimes = [{ from: 1, to: 2 }];
    expect(await completed(NOW, { isStreamWhole: false, unknownTimes })).toMatchObject({
      unknownTimes,
      isComplete: true,
    });
  });
});
