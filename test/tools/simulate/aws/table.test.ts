import { describe, expect, it } from "@jest/globals";
import { INDEX_WRITES, SimulatedTable } from "../../../../tools/simulate/aws/table.ts";
import type { Confirmation } from "../../../../tools/simulate/run/confirmation.ts";
import { Merchant } from "../../../../tools/simulate/run/merchant.ts";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";

const merchant = (name: string) => new Merchant({ name, share: 1, deadlineMs: 1000, random: () => 0.5 });
const rates = { writesPerSecond: 1000, dueWritesPerSecond: 1000, merchantWritesPerSecond: 1000 };

/**
 * As many inserts as are asked for at once, and what is taken of them in a second: a tenth is in stock, then comes a
 * hundredth each tick.
 */
async function takenInASecond(limits: Partial<typeof rates>, merchants: readonly Merchant[], inserts: number) {
  const time = new VirtualTime();
  const committed: Confirmation[] = [];
  const table = new SimulatedTable({ time, sample: 1, ...rates, ...limits, committed: (one) => committed.push(one) });
  for (let index = 0; index < inserts; index += 1)
    table.insert({ merchant: merchants[index % merchants.length] } as Confirmation);
  for (let tick = 0; tick < 100; tick += 1) await time.advance(() => table.carryOut());
  return { committed, table };
}

describe("the simulated table", () => {
  it("takes as many writes a second as it is warmed for, with a tenth of a second's stock", async () => {
    const { committed, table } = await takenInASecond({ merchantWritesPerSecond: 10_000 }, [merchant("a")], 5000);
    expect(committed).toHaveLength(1090);
    expect(table.unwritten).toBe(3910);
    expect([...table]).toHaveLength(3910);
  });

  it("is throttled by its due index", async () => {
    const { committed } = await takenInASecond({ dueWritesPerSecond: 100 }, [merchant("a")], 5000);
    expect(committed).toHaveLength(109);
  });

  it("is throttled for one merchant alone by that merchant's partitions", async () => {
    const [large, small] = [merchant("large"), merchant("small")];
    const merchants = [large, large, large, small];
    const { committed } = await takenInASecond({ merchantWritesPerSecond: 100 }, merchants, 400);
    expect(committed.filter((one) => one.merchant === small)).toHaveLength(100);
    expect(committed.filter((one) => one.merchant === large)).toHaveLength(109);
  });

  it("counts a write of the table and of each index that it changes", async () => {
    const time = new VirtualTime();
    const table = new SimulatedTable({ time, sample: 10, ...rates, committed: () => {} });
    table.insert({ merchant: merchant("a") } as Confirmation);
    time.start(() => table.write(INDEX_WRITES.settle));
    time.start(() => table.write(INDEX_WRITES.move, merchant("b")));
    await time.advance(() => table.carryOut());
    expect([table.units, table.changes]).toEqual([(3 + 2 + 3) * 10, 30]);
  });

  it("lets the pipeline's writes through beside producers that ask for far more", async () => {
    const time = new VirtualTime();
    const table = new SimulatedTable({ time, sample: 1, ...rates, merchantWritesPerSecond: 1e6, committed: () => {} });
    let written = 0;
    const one = merchant("a");
    for (let tick = 0; tick < 100; tick += 1) {
      for (let index = 0; index < 100; index += 1) table.insert({ merchant: one } as Confirmation);
      for (let index = 0; index < 5; index += 1)
        time.start(async () => {
          await table.write(INDEX_WRITES.settle);
          written += 1;
        });
      await time.advance(() => table.carryOut());
    }
    expect(written).toBeGreaterThan(20);
    expect(table.unwritten).toBeGreaterThan(8000);
  });
});
