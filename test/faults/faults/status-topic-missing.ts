import type { Fault } from '../fault.js';

/** Nobody has made the topic of the statuses yet when the instances start; then somebody does. */
export const statusTopicMissing: Fault = {
  name: 'status-topic',
  what: 'the status topic missing, then made',
  instances: 2,
  times: { whole: 1, short: 0 },
  lastsMs: [20_000, 30_000],
  restMs: [0, 0],
  // It is looked for every minute.
  recovery: { from: 'end', withinMs: 75_000 },
  perSecond: 30,
  async prepare({ kafka, topicPrefix }) {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [`${topicPrefix}communications.delivery-status`] });
    await admin.disconnect();
  },
  async strike({ createTopics }) {
    return {
      what: 'there is no status topic',
      async end() {
        await createTopics();
        return 0;
      },
    };
  },
};
