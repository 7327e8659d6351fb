import type { SmsProvider } from '../channels/sms-provider.js';
import type { TemplateContext } from '../templates/templates.js';
import type { Outlet } from './outlet.js';

/** @param render by template path */
export const createSmsOutlet = (
  provider: SmsProvider,
  render: (template: string, context: TemplateContext) => string,
): Outlet => ({
  channel: 'sms',
  provider,
  prepare(row, payload) {
    const text = render(row.template, payload.context);
    const message = { notificationId: row.notification_id, to: row.recipient, text };
    return (deadlineMs) => provider.send(message, deadlineMs);
  },
});
