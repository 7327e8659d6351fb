import { DataTypes, type Sequelize } from 'sequelize';
import type { SmsLogStatus } from '../../domain/status.js';
import { type NotificationRow, notificationColumns } from './notification-columns.js';
import type { ReadModel } from './read-model.js';

export interface SmsLogRow extends NotificationRow {
  readonly phoneNumber: string;
  /** As sent, secrets masked. */
  readonly message: string;
  readonly status: SmsLogStatus;
  /** Decimal, such as '0.80'. */
  readonly cost: string | null;
  /** ISO 4217 */
  readonly currency: string | null;
}

/** Newest first. */
export const defineSmsLog = (sequelize: Sequelize): ReadModel<SmsLogRow> =>
  sequelize.define(
    'SmsLog',
    {
      ...notificationColumns,
      phoneNumber: { type: DataTypes.STRING(20), allowNull: false },
      message: { type: DataTypes.TEXT, allowNull: false },
      status: { type: DataTypes.STRING(20), allowNull: false },
      cost: DataTypes.DECIMAL(10, 2),
      currency: DataTypes.STRING(3),
    },
    {
      tableName: 'communications_sms_log',
      defaultScope: {
        order: [
          ['sentAt', 'DESC'],
          ['id', 'DESC'],
        ],
      },
    },
  );
