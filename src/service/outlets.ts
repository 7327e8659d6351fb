import { type DeliveryMode, withDeliveryMode } from '../channels/delivery-mode.js';
import { createSmtpProvider, smtpProviderName } from '../channels/email/smtp-provider.js';
import type { EmailMessage } from '../channels/email-provider.js';
import { createSinkProvider, SINK } from '../channels/sink-provider.js';
import type { SmsMessage } from '../channels/sms-provider.js';
import type { Config } from '../config/config.js';
import { createEmailOutlet } from '../delivery/email-outlet.js';
import type { Outlet } from '../delivery/outlet.js';
import { createSmsOutlet } from '../delivery/sms-outlet.js';
import type { Channel } from '../domain/channel.js';
import type { Templates } from '../templates/templates.js';

/** Every channel's way out, as the environment names it and as far as DELIVERY_MODE lets it. */
export function createOutlets(
  config: Pick<Config, 'email' | 'sms' | 'delivery'>,
  templates: Templates,
): readonly Outlet[] {
  const mode = deliveryModeOf(config);
  const email = withDeliveryMode<EmailMessage>(
    createSmtpProvider(config.email),
    ({ to }) => to.address,
    mode,
  );
  const sms = withDeliveryMode<SmsMessage>(createSinkProvider(), ({ to }) => to, mode);
  return [
    createEmailOutlet(email, (template, context) => templates.render(template, 'email', context)),
    createSmsOutlet(sms, (template, context) => templates.renderSms(template, context)),
  ];
}

/** What `createOutlets` would give its providers as names, without making any. */
export const providerNames = ({
  email,
  delivery,
}: Pick<Config, 'email' | 'delivery'>): Readonly<Record<Channel, string>> => ({
  email: delivery.mode === 'sink' ? SINK : smtpProviderName(email),
  sms: SINK,
});

export const deliveryModeOf = ({ delivery }: Pick<Config, 'delivery'>): DeliveryMode =>
  delivery.mode === 'allowlist' ? { mode: 'allowlist', allowed: delivery.allow } : delivery;
