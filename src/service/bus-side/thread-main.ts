import { runThread } from './run-thread.js';

runThread(() => {});
