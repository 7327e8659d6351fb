import { DataTypes, type Sequelize } from 'sequelize';
import type { Channel } from '../../domain/channel.js';
import type { Reason } from '../../domain/reason.js';
import type { ReadModel } from './read-model.js';

export interface SkipRow {
  readonly id: number;
  readonly eventRef: number;
  readonly rule: string;
  /** Null: the rule as a whole. */
  readonly recipientKey: string | null;
  /** Null: all that the rule has. */
  readonly channel: Channel | null;
  readonly reason: Reason;
  readonly detail: string | null;
  /** Inbox id of the event that had the slot it asked for. */
  readonly slotHolder: number | null;
  readonly createdAt: Date;
}

/** Newest first. */
export const defineSkip = (sequelize: Sequelize): ReadModel<SkipRow> =>
  sequelize.define(
    'Skip',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, allowNull: false },
      eventRef: { type: DataTypes.BIGINT, allowNull: false },
      rule: { type: DataTypes.STRING(100), allowNull: false },
      recipientKey: DataTypes.STRING(320),
      channel: DataTypes.STRING(10),
      reason: { type: DataTypes.STRING(30), allowNull: false },
      detail: DataTypes.STRING(500),
      slotHolder: DataTypes.BIGINT,
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'communications_skip', defaultScope: { order: [['id', 'DESC']] } },
  );
