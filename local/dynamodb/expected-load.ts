/**
 * What DynamoDB Local is started for, and how Java is to run it then. `brief`: minutes, beside everything else on two
 * cores; the quick compiler alone takes 21 s of CPU for 10,000 inserts and conditional updates from a cold start, both
 * compilers together 36 s. `sustained`: tens of thousands of transactions; what both compilers have done takes half the
 * CPU time of what the quick one has.
 */
export type ExpectedLoad = "brief" | "sustained";

export const JVM_FLAGS: Readonly<Record<ExpectedLoad, readonly string[]>> = {
  brief: ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms512m", "-Xmx1g"],
  sustained: ["-XX:+UseSerialGC", "-Xms1g", "-Xmx2g"],
};
