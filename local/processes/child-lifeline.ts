/**
 * Loaded into every Node child (`node --import`) before its program: the child ends when the pipe on its stdin closes,
 * which the operating system does however the parent ended, SIGKILL included. So a killed stack leaves no child holding
 * a port.
 */
process.stdin.on("end", endNow);
process.stdin.on("error", endNow);
process.stdin.resume();
// A program that has nothing more to do may end by itself: the pipe must not keep it alive.
if ("unref" in process.stdin) process.stdin.unref();

function endNow(): void {
  process.kill(process.pid, "SIGKILL");
}
