/** Takes what the Kafka client says; `text` holds no record contents. */
export type BusLog = (level: 'debug' | 'info' | 'warn' | 'error', namespace: string, text: string) => void;
