import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './workspace.mjs';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs Node with `args` and shows its output. Resolves to its exit code; signals are passed on to it. */
export function runNode(args, options = {}) {
  return run(process.execPath, args, options);
}

/** The same for any command. `onStart` is told the child's process id. */
export function run(command, args, { onStart = () => undefined, ...options } = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (child.pid !== undefined) onStart(child.pid);
  const passOn = (signal) => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  });
}
