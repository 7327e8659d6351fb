import type { Admin, Kafka } from 'kafkajs';

/**
 * Runs `use` on an admin connection of its own. A kept one would have to outlive broker restarts, and
 * nobody asks more often than every few hundred milliseconds (a connection takes about 3 ms).
 */
export async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
