import { expect, it } from "@jest/globals";
import { Slots } from "../../local/queue/slots.ts";

it("hands out so many and lets others wait for one that is given back", async () => {
  const slots = new Slots(2);
  await slots.take();
  await slots.take();
  let hasThird = false;
  const third = slots.take().then(() => (hasThird = true));
  await Promise.resolve();
  expect(hasThird).toBe(false);
  slots.giveBack();
  await third;
  let isFree = false;
  const free = slots.allFree().then(() => (isFree = true));
  slots.giveBack();
  await Promise.resolve();
  expect(isFree).toBe(false);
  slots.giveBack();
  await free;
  await slots.allFree();
});
