import type { Results } from './results.js';

/** On what, of what, when and how was measured: the paragraph above the tables. */
export function headingOf({ startedAt, short, machine, versions, method, failures }: Results): string {
  const { cpu, cores, memoryGiB, system } = machine;
  const seconds = (milliseconds: number): string => `${milliseconds / 1_000} s`;
  const lines = [
    ...(short ? ['A short run: it says that the benchmark works, and nothing about speed.'] : []),
    `Measured on ${startedAt.slice(0, 10)} at commit ${versions.commit}, on ${cores} cores of ${cpu}, ` +
      `${memoryGiB} GiB, ${system}; Node.js ${versions.node}, PostgreSQL ${versions.postgres}, ` +
      `Socket.IO ${versions['socket.io']}.`,
    `Rounds: ${method.rounds}, each with ${seconds(method.warmUpMs)} to warm up and ${seconds(method.measureMs)} ` +
      `measured; ${method.pinning}.`,
    'A number is the median of the rounds, with the lowest and the highest in parentheses.',
    ...failures.map(({ workload, message }) => `FAILED: ${workload}: ${message.split('\n')[0] ?? ''}`),
  ];
  return lines.join('\n');
}
