import { DataTypes } from 'sequelize';
import type { Reason } from '../../domain/reason.js';
import type { Status } from '../../domain/status.js';

/** What e-mail and SMS log say alike. */
export interface NotificationRow {
  readonly id: number;
  readonly template: string;
  readonly sentBy: number | null;
  /** Accepted for sending; the provider's yes is acceptedAt. */
  readonly sentAt: Date;
  readonly deliveredAt: Date | null;
  readonly errorMessage: string;
  readonly retryCount: number;
  readonly provider: string;
  readonly providerMessageId: string;
  readonly notificationId: string;
  readonly eventRef: number;
  readonly rule: string;
  readonly recipientKey: string;
  readonly recipientId: number | null;
  readonly reason: Reason | null;
  /** 0 high, 1 medium, 2 low. */
  readonly priority: number;
  readonly templateVersion: number;
  readonly attempts: number;
  readonly sequence: number;
  readonly lastStatus: Status;
  readonly possibleDuplicate: boolean;
  readonly acceptedAt: Date | null;
  readonly finishedAt: Date | null;
  /** See history in ../history.ts. */
  readonly history: unknown;
  /** How often an operator has sent it again. */
  readonly resend: number;
}

const required = { allowNull: false } as const;

export const notificationColumns = {
  id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, ...required },
  template: { type: DataTypes.STRING(100), ...required },
  sentBy: DataTypes.BIGINT,
  sentAt: { type: DataTypes.DATE, ...required },
  deliveredAt: DataTypes.DATE,
  errorMessage: { type: DataTypes.TEXT, ...required },
  retryCount: { type: DataTypes.INTEGER, ...required },
  provider: { type: DataTypes.STRING(50), ...required },
  providerMessageId: { type: DataTypes.STRING(255), ...required },
  notificationId: { type: DataTypes.UUID, ...required },
  eventRef: { type: DataTypes.BIGINT, ...required },
  rule: { type: DataTypes.STRING(100), ...required },
  recipientKey: { type: DataTypes.STRING(320), ...required },
  recipientId: DataTypes.BIGINT,
  reason: DataTypes.STRING(30),
  priority: { type: DataTypes.SMALLINT, ...required },
  templateVersion: { type: DataTypes.INTEGER, ...required },
  attempts: { type: DataTypes.INTEGER, ...required },
  sequence: { type: DataTypes.INTEGER, ...required },
  lastStatus: { type: DataTypes.STRING(20), ...required },
  possibleDuplicate: { type: DataTypes.BOOLEAN, ...required },
  acceptedAt: DataTypes.DATE,
  finishedAt: DataTypes.DATE,
  history: { type: DataTypes.JSONB, ...required },
  resend: { type: DataTypes.SMALLINT, ...required },
};
