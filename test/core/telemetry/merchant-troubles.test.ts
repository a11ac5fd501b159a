import { describe, expect, it } from "@jest/globals";
import { MerchantTroubles, OTHER_MERCHANTS } from "../../../core/telemetry/merchant-troubles.ts";

describe("merchants in trouble", () => {
  it("are told with what went wrong, the worst first, and forgotten then", () => {
    const troubles = new MerchantTroubles();
    troubles.add("m-1", "failedAttempts", "t-1", "503");
    troubles.add("m-2", "failedAttempts", "t-2", "refused");
    troubles.add("m-2", "parked", "t-2");
    troubles.add("m-2", "deadLettered", "t-3", "gone");
    expect(troubles.take()).toEqual([
      {
        merchantId: "m-2",
        failedAttempts: 1,
        parked: 1,
        deadLettered: 1,
        exampleTransactionId: "t-3",
        exampleError: "gone",
      },
      {
        merchantId: "m-1",
        failedAttempts: 1,
        parked: 0,
        deadLettered: 0,
        exampleTransactionId: "t-1",
        exampleError: "503",
      },
    ]);
    expect(troubles.take()).toEqual([]);
  });

  it("are told in 51 lines at most, however many there are, and none of their failures is left out", () => {
    const troubles = new MerchantTroubles();
    for (let merchant = 0; merchant < 5000; merchant += 1)
      for (let failure = 0; failure <= merchant % 3; failure += 1)
        troubles.add(`m-${merchant}`, "failedAttempts", "t", "503");
    const reported = troubles.take();
    expect(reported).toHaveLength(51);
    expect(reported.at(-1)?.merchantId).toBe(OTHER_MERCHANTS);
    const failures = reported.reduce((sum, { failedAttempts }) => sum + failedAttempts, 0);
    expect(failures).toBe(Array.from({ length: 5000 }, (_, merchant) => 1 + (merchant % 3)).reduce((a, b) => a + b));
  });

  it("hide no merchant that fails more than the others, were there ever so many", () => {
    const troubles = new MerchantTroubles();
    for (let failure = 0; failure < 20_000; failure += 1)
      troubles.add(failure % 10 === 0 ? "large" : `m-${failure}`, "failedAttempts", "t", "503");
    expect(troubles.take()[0]).toMatchObject({ merchantId: "large", failedAttempts: 2000 });
  });
});
