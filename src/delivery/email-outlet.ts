import type { EmailProvider } from '../channels/email-provider.js';
import type { TemplateContext } from '../templates/templates.js';
import type { Outlet } from './outlet.js';

/** @param render by template path */
export const createEmailOutlet = (
  provider: EmailProvider,
  render: (
    template: string,
    context: TemplateContext,
  ) => { readonly subject: string; readonly html: string; readonly text: string },
): Outlet => ({
  channel: 'email',
  provider,
  prepare(row, payload) {
    const { subject, html, text } = render(row.template, payload.context);
    const message = {
      notificationId: row.notification_id,
      to: { address: row.recipient, name: payload.name },
      subject,
      html,
      text,
      template: row.status_facts.template,
      rule: row.status_facts.rule,
      audience: payload.audience,
    };
    return (deadlineMs) => provider.send(message, deadlineMs);
  },
});
