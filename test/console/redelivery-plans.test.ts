/** Redeliveries that are counted, started or left, where requests are refused and responses lost on the way. */
import { describe, expect, it } from "@jest/globals";
import { apiOf } from "../../console/src/api/api.ts";
import { redeliveryOfIds } from "../../console/src/failed/failed-filter.ts";
import { RedeliveryPlans } from "../../console/src/failed/redelivery-plans.ts";

const A_HUNDRED_AND_A_HALF = redeliveryOfIds(Array.from({ length: 150 }, (_, at) => `t-${at}`));

type Fault = "429" | "503" | "response lost" | undefined;

/** An API with redeliveries, which carries out what it loses the response of. */
class Redeliveries {
  readonly jobs = new Map<string, { state: string; readonly count: number }>();
  /** Ids or methods that are asked for, in order, and what becomes of each. */
  readonly asked: string[] = [];
  fault: (asked: string) => Fault = () => undefined;
  /** Holds back each response. */
  held: ((asked: string) => Promise<void>) | undefined;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  readonly api = apiOf({
    origin: "https://console.example",
    token: () => "t",
    onUnauthenticated: () => undefined,
    fetch: async (request) => {
      const [, jobId = "", verb = ""] = /redeliveries\/?([^/]*)\/?(.*)$/.exec(new URL(request.url).pathname) ?? [];
      const asked = request.method === "GET" ? `read ${jobId}` : jobId === "" ? "create" : `${verb} ${jobId}`;
      this.asked.push(asked);
      const fault = this.fault(asked);
      if (fault === "429" || fault === "503") return Response.json({}, { status: Number(fault) });
      const response = this.#carryOut(jobId, verb);
      await this.held?.(asked);
      if (fault === "response lost") throw new TypeError("Failed to fetch");
      return response;
    },
  });

  #carryOut(jobId: string, verb: string): Response {
    if (jobId === "") {
      const made = `job-${this.jobs.size + 1}`;
      this.jobs.set(made, { state: "counted", count: this.#count });
      return Response.json({ jobId: made, state: "counting" }, { status: 202 });
    }
    const job = this.jobs.get(jobId);
    if (job === undefined) throw new Error(`Nobody made ${jobId}.`);
    if (verb === "start" && job.state !== "counted")
      return Response.json({ code: "API_REDELIVERY_CONFLICT" }, { status: 409 });
    if (verb === "start") job.state = "running";
    if (verb === "cancel") job.state = "canceled";
    return Response.json({ jobId, ...job });
  }

  get states(): string[] {
    return [...this.jobs.values()].map(({ state }) => state);
  }
}

/** Once: what is asked for again is carried out. */
function once(faulty: string, fault: Fault): (asked: string) => Fault {
  let isOver = false;
  return (asked) => {
    if (isOver || asked !== faulty) return undefined;
    isOver = true;
    return fault;
  };
}

async function counted(count = 75) {
  const redeliveries = new Redeliveries(count);
  const plans = new RedeliveryPlans(redeliveries.api, A_HUNDRED_AND_A_HALF);
  await plans.make("why", () => undefined);
  return { redeliveries, plans };
}

describe("what is counted", () => {
  it("goes on after a refusal, and is made once", async () => {
    const redeliveries = new Redeliveries(1);
    const plans = new RedeliveryPlans(redeliveries.api, A_HUNDRED_AND_A_HALF);
    const made: string[] = [];
    const note = ({ jobId }: { readonly jobId: string }): void => void made.push(jobId);
    redeliveries.fault = (asked) => (asked === "create" && redeliveries.jobs.size === 1 ? "429" : undefined);
    await expect(plans.make("why", note)).rejects.toMatchObject({ status: 429 });
    redeliveries.fault = () => undefined;
    await plans.make("why", note);
    expect([made, redeliveries.jobs.size]).toEqual([["job-1", "job-2"], 2]);
  });

  it("is canceled where it was left meanwhile, and no more is made", async () => {
    const redeliveries = new Redeliveries(1);
    const plans = new RedeliveryPlans(redeliveries.api, A_HUNDRED_AND_A_HALF);
    let release = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => {
      redeliveries.held = (asked) => {
        if (asked !== "create") return Promise.resolve();
        resolve();
        return new Promise((free) => (release = free));
      };
    });
    const made: string[] = [];
    const making = plans.make("why", ({ jobId }) => void made.push(jobId));
    await isHeld;
    await plans.leave();
    release();
    await making;
    expect([made, redeliveries.states]).toEqual([[], ["canceled"]]);
  });

  it("is canceled where nobody starts it", async () => {
    const { redeliveries, plans } = await counted();
    await plans.leave();
    expect(redeliveries.states).toEqual(["canceled", "canceled"]);
  });
});

describe("what is started", () => {
  it("is all that was counted, and canceled where it would send nothing", async () => {
    const [some, none] = [await counted(), await counted(0)];
    expect([await some.plans.start(), await none.plans.start()]).toEqual([true, true]);
    expect([some.redeliveries.states, none.redeliveries.states]).toEqual([
      ["running", "running"],
      ["canceled", "canceled"],
    ]);
  });

  it("is not looked at again where somebody leaves once all runs", async () => {
    const { redeliveries, plans } = await counted();
    await plans.start();
    const asked = redeliveries.asked.length;
    await plans.leave();
    expect([redeliveries.states, redeliveries.asked.length]).toEqual([["running", "running"], asked]);
  });

  it.each(["429", "503"] as const)("goes on after a %s with those that do not run", async (fault) => {
    const { redeliveries, plans } = await counted();
    redeliveries.fault = once("start job-2", fault);
    await expect(plans.start()).rejects.toMatchObject({ status: Number(fault) });
    expect(redeliveries.states).toEqual(["running", "counted"]);
    expect(await plans.start()).toBe(true);
    expect(redeliveries.states).toEqual(["running", "running"]);
    expect(redeliveries.asked.filter((asked) => asked === "start job-1")).toHaveLength(1);
  });

  it("is not started again where the response was lost", async () => {
    const { redeliveries, plans } = await counted();
    redeliveries.fault = once("start job-1", "response lost");
    await expect(plans.start()).rejects.toMatchObject({ status: 0 });
    expect(await plans.start()).toBe(true);
    expect(redeliveries.states).toEqual(["running", "running"]);
  });

  it("runs on where somebody leaves, and what does not run is canceled", async () => {
    const { redeliveries, plans } = await counted();
    redeliveries.fault = once("start job-1", "response lost");
    await expect(plans.start()).rejects.toThrow();
    await plans.leave();
    expect(redeliveries.states).toEqual(["running", "canceled"]);
    expect(redeliveries.asked).not.toContain("cancel job-1");
  });

  it("runs on where somebody leaves while it is being started", async () => {
    const { redeliveries, plans } = await counted();
    let left: Promise<void> | undefined;
    redeliveries.held = async (asked) => {
      if (asked === "start job-1") left = plans.leave();
    };
    expect(await plans.start()).toBe(false);
    await left;
    expect(redeliveries.states).toEqual(["running", "canceled"]);
  });
});
