import { describe, expect, it } from "@jest/globals";
import { EgressTurns } from "../../../../containers/confirmation-worker/src/receive/egress-turns.ts";

function bench() {
  const egress = { isFaulty: true, mayAsk: true, mayReceive: () => egress.mayAsk };
  return { egress, turns: new EgressTurns<"ordered" | "others">(egress) };
}

describe("during a fault of our egress", () => {
  it("the queues receive in turn, so that an empty one does not use up what the other needs", () => {
    const { turns } = bench();
    const asked = ["ordered", "ordered", "others", "others", "ordered"] as const;
    expect(asked.map((queue) => turns.mayReceive(queue))).toEqual([true, false, true, false, true]);
  });

  it("none receives before it is time, and none loses its turn by asking", () => {
    const { egress, turns } = bench();
    egress.mayAsk = false;
    expect(turns.mayReceive("ordered")).toBe(false);
    egress.mayAsk = true;
    expect(turns.mayReceive("ordered")).toBe(true);
  });

  it("is over for both at once", () => {
    const { egress, turns } = bench();
    turns.mayReceive("ordered");
    egress.isFaulty = false;
    expect([turns.mayReceive("ordered"), turns.mayReceive("ordered"), turns.mayReceive("others")]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
