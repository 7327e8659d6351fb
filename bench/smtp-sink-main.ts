import { startSmtpSink } from '../test/helpers/smtp-sink.js';

// In a process of its own, so that it shares no event loop with what is measured.
process.on('disconnect', () => process.exit(0));

let firstAt: number | null = null;
let lastAt: number | null = null;
const sink = await startSmtpSink({
  keep: false,
  onMessage: () => {
    lastAt = Date.now();
    firstAt ??= lastAt;
  },
});
process.send?.({ variables: sink.variables });
process.on('message', () => process.send?.({ accepted: sink.accepted(), firstAt, lastAt }));
