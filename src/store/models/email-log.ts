import { DataTypes, type Sequelize } from 'sequelize';
import type { EmailLogStatus } from '../../domain/status.js';
import { type NotificationRow, notificationColumns } from './notification-columns.js';
import type { ReadModel } from './read-model.js';

export interface EmailLogRow extends NotificationRow {
  readonly recipient: string;
  readonly cc: readonly string[] | null;
  readonly bcc: readonly string[] | null;
  readonly subject: string;
  readonly openedAt: Date | null;
  readonly clickedAt: Date | null;
  readonly status: EmailLogStatus;
  /** Variables of the template, SECRET and PII values masked. */
  readonly contextData: unknown;
}

/** Newest first. */
export const defineEmailLog = (sequelize: Sequelize): ReadModel<EmailLogRow> =>
  sequelize.define(
    'EmailLog',
    {
      ...notificationColumns,
      recipient: { type: DataTypes.STRING(254), allowNull: false },
      cc: DataTypes.JSONB,
      bcc: DataTypes.JSONB,
      subject: { type: DataTypes.STRING(255), allowNull: false },
      openedAt: DataTypes.DATE,
      clickedAt: DataTypes.DATE,
      status: { type: DataTypes.STRING(20), allowNull: false },
      contextData: DataTypes.JSONB,
    },
    {
      tableName: 'communications_email_log',
      defaultScope: {
        order: [
          ['sentAt', 'DESC'],
          ['id', 'DESC'],
        ],
      },
    },
  );
