import { DataTypes, type Sequelize } from 'sequelize';
import type { ReadModel } from './read-model.js';

export interface InboxRow {
  readonly id: number;
  readonly source: string;
  readonly eventId: string;
  readonly eventType: string;
  /** Without KAFKA_TOPIC_PREFIX. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** See createDigester. */
  readonly digest: Buffer;
  readonly eventTime: Date;
  readonly subject: string | null;
  readonly traceparent: string | null;
  readonly actorId: number | null;
  readonly receivedAt: Date;
}

/** Newest first. */
export const defineInbox = (sequelize: Sequelize): ReadModel<InboxRow> =>
  sequelize.define(
    'Inbox',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, allowNull: false },
      source: { type: DataTypes.STRING(255), allowNull: false },
      eventId: { type: DataTypes.STRING(255), allowNull: false },
      eventType: { type: DataTypes.STRING(120), allowNull: false },
      topic: { type: DataTypes.STRING(249), allowNull: false },
      partition: { type: DataTypes.INTEGER, allowNull: false },
      offset: { type: DataTypes.BIGINT, allowNull: false },
      digest: { type: DataTypes.BLOB, allowNull: false },
      eventTime: { type: DataTypes.DATE, allowNull: false },
      subject: DataTypes.STRING(255),
      traceparent: DataTypes.STRING(64),
      actorId: DataTypes.BIGINT,
      receivedAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'communications_inbox', defaultScope: { order: [['id', 'DESC']] } },
  );
