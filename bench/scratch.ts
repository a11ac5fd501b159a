import { setTimeout as sleep } from "node:timers/promises";
import { twoCores } from "./cores.ts";
import { MeasuredProcess } from "./measured-process.ts";
import { productionPrograms } from "./production-programs.ts";
import { World } from "./world/world-process.ts";
import { queueVariant, sample, warmUp } from "./variant.ts";
const cores = twoCores();
const programs = await productionPrograms("/tmp/myprof/state");
const world = await World.start(cores.world);
const lane = "worker";
const { aws } = await world.ask({
  kind: "add lane",
  lane: { name: lane, messages: "ids", signatures: ["v1"], merchants: 1000 },
});
const t = programs.worker(aws);
const prof = process.argv.includes("--prof");
const p = await MeasuredProcess.start({
  name: lane,
  core: cores.measured,
  program: t.program,
  nodeFlags: [...t.nodeFlags, ...(prof ? ["--cpu-prof", "--cpu-prof-dir=/tmp/myprof", "--cpu-prof-interval=500"] : [])],
  environment: t.environment,
  workingDirectory: t.directory,
  readyMark: '"worker ready"',
});
const v = queueVariant(world, lane, p);
await warmUp(v, 4000);
for (let i = 0; i < 4; i++) console.log(await sample(v, 1500));
console.log(await world.ask({ kind: "look", lane }), p.peakMb(), p.nowMb(), p.lines.slice(-4));
await p.stop();
world.stop();
await sleep(100);
