/**
 * Processor time of this process, all its threads together: unlike a clock it stands still while other processes have the
 * processor.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
