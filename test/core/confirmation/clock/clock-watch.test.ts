import { describe, expect, it } from "@jest/globals";
import { ClockLook } from "../../../../containers/confirmation-worker/src/clock/clock-look.ts";
import { ClockWatch } from "../../../../core/confirmation/clock/clock-watch.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { settle } from "../../../support/until.ts";

const TEN_MINUTES_MS = 600_000;

function bench() {
  const clock = new FakeClock();
  const watch = new ClockWatch({ now: clock.now, elapsedMs: clock.elapsedMs });
  /** What a service says is within half a second of the truth, and half a second on its way. */
  const hear = (service: "dynamodb" | "sqs", wrongBy = 0) => {
    const midwayMs = clock.elapsedMs();
    clock.advance(500);
    watch[service].heard(clock.trueNow() - 500 + wrongBy, midwayMs);
  };
  const hearBoth = () => {
    hear("dynamodb");
    hear("sqs");
  };
  return { clock, watch, hear, hearBoth };
}

describe("the watch over the clock", () => {
  it("holds a clock for right while nobody has spoken, and doubts it", () => {
    const { watch } = bench();
    expect(watch).toMatchObject({ isWrong: false, isDoubtful: true, skewMs: 0 });
  });

  it.each([TEN_MINUTES_MS, -TEN_MINUTES_MS])("knows a clock that was wrong from the start, by %d ms", (ms) => {
    const { clock, watch, hear } = bench();
    clock.step(ms);
    hear("dynamodb");
    expect(watch).toMatchObject({ isWrong: false, isDoubtful: true });
    hear("sqs");
    expect(watch).toMatchObject({ isWrong: true, isDoubtful: true, skewMs: ms });
  });

  it("knows a step at once, before anybody has spoken anew, and the step back too", () => {
    const { clock, watch, hearBoth } = bench();
    hearBoth();
    expect(watch).toMatchObject({ isWrong: false, isDoubtful: false });
    clock.step(-TEN_MINUTES_MS);
    expect(watch.isWrong).toBe(true);
    clock.step(TEN_MINUTES_MS);
    expect(watch).toMatchObject({ isWrong: false, isDoubtful: false });
  });

  it.each([60_000, -60_000, 30_000, -30_000])("lets a clock be wrong by %d ms", (ms) => {
    const { clock, watch, hearBoth } = bench();
    hearBoth();
    clock.step(ms);
    expect(watch.isWrong).toBe(false);
  });

  it("has no opinion where the services do not agree", () => {
    const { watch, hear } = bench();
    hear("dynamodb", TEN_MINUTES_MS);
    hear("sqs");
    expect(watch).toMatchObject({ isWrong: false, isDoubtful: true });
    hear("sqs", -TEN_MINUTES_MS);
    expect(watch.isWrong).toBe(false);
  });

  it("wants a date of each service once a second", () => {
    const { clock, watch, hear } = bench();
    expect(watch.sqs.wants()).toBe(true);
    hear("sqs");
    expect([watch.sqs.wants(), watch.dynamodb.wants()]).toEqual([false, true]);
    clock.advance(999);
    expect(watch.sqs.wants()).toBe(false);
    clock.advance(1);
    expect(watch.sqs.wants()).toBe(true);
  });
});

describe("the look at the clock", () => {
  it("asks SQS while there is doubt, one question at a time, and says what changes", async () => {
    const { clock, watch, hearBoth } = bench();
    const said: string[] = [];
    const asked: PromiseWithResolvers<void>[] = [];
    const ask = () => {
      const question = Promise.withResolvers<void>();
      asked.push(question);
      return question.promise;
    };
    const looks = new ClockLook({ clock: watch, ask, warn: (message) => void said.push(message) });
    const first = [looks.look(), looks.look()];
    expect(asked).toHaveLength(1);
    clock.step(TEN_MINUTES_MS);
    hearBoth();
    asked[0]?.resolve();
    await Promise.all(first);
    expect(said).toEqual(["the clock is wrong, nothing is received or called"]);
    const second = looks.look();
    asked[1]?.reject(new Error("refused"));
    await second;
    clock.step(-TEN_MINUTES_MS);
    await looks.look();
    await settle();
    expect(asked).toHaveLength(2);
    expect(said.slice(1)).toEqual(["the clock is right again"]);
  });
});
