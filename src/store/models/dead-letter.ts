import { DataTypes, type Sequelize } from 'sequelize';
import type { DeadLetterReason } from '../../domain/reason.js';
import type { ReadModel } from './read-model.js';

export interface DeadLetterRow {
  readonly id: string;
  /** Without KAFKA_TOPIC_PREFIX. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Empty: the whole event. */
  readonly rule: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly sealed: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly eventType: string;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly recordTime: Date;
  readonly createdAt: Date;
  readonly retriedAt: Date | null;
  readonly resolvedAt: Date | null;
  /** Set: a person closed it without its being taken in. */
  readonly note: string | null;
}

/** Newest first. */
export const defineDeadLetter = (sequelize: Sequelize): ReadModel<DeadLetterRow> =>
  sequelize.define(
    'DeadLetter',
    {
      id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      topic: { type: DataTypes.STRING(249), allowNull: false },
      partition: { type: DataTypes.INTEGER, allowNull: false },
      offset: { type: DataTypes.BIGINT, allowNull: false },
      rule: { type: DataTypes.STRING(100), allowNull: false },
      reason: { type: DataTypes.STRING(30), allowNull: false },
      detail: { type: DataTypes.TEXT, allowNull: false },
      sealed: { type: DataTypes.BLOB, allowNull: false },
      headers: { type: DataTypes.JSONB, allowNull: false },
      eventType: { type: DataTypes.STRING(120), allowNull: false },
      source: DataTypes.STRING(255),
      eventId: DataTypes.STRING(255),
      recordTime: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      retriedAt: DataTypes.DATE,
      resolvedAt: DataTypes.DATE,
      note: DataTypes.TEXT,
    },
    {
      tableName: 'communications_dead_letter',
      defaultScope: {
        order: [
          ['createdAt', 'DESC'],
          ['id', 'DESC'],
        ],
      },
    },
  );
