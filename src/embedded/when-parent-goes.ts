/**
 * Calls `act` once when the process that started this one is gone. A signal sent to npm alone ends npm and the shell between, but
 * never comes here: without this, `kill <pid of npm>` would leave the servers and workers behind.
 * @param ppid the parent's process id now; it changes when the parent is gone (except on Windows, where nothing happens).
 */
export function whenParentGoes(act: () => void, ppid: () => number = () => process.ppid, everyMs = 250): void {
  const parent = ppid();
  const timer = setInterval(() => {
    if (ppid() === parent) return;
    clearInterval(timer);
    act();
  }, everyMs).unref();
}
