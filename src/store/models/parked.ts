import { DataTypes, type Sequelize } from 'sequelize';
import type { ReadModel } from './read-model.js';

export interface ParkedRow {
  readonly id: string;
  readonly eventRef: number;
  readonly rule: string;
  /** `user:<id>` or `role:<ROLE>` */
  readonly waitFor: string;
  readonly sealed: Buffer;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

/** Newest first. */
export const defineParked = (sequelize: Sequelize): ReadModel<ParkedRow> =>
  sequelize.define(
    'Parked',
    {
      id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      eventRef: { type: DataTypes.BIGINT, allowNull: false },
      rule: { type: DataTypes.STRING(100), allowNull: false },
      waitFor: { type: DataTypes.STRING(60), allowNull: false },
      sealed: { type: DataTypes.BLOB, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      tableName: 'communications_parked',
      defaultScope: {
        order: [
          ['createdAt', 'DESC'],
          ['id', 'DESC'],
        ],
      },
    },
  );
