import { DataTypes, type Sequelize } from 'sequelize';
import type { ReadModel } from './read-model.js';

export interface ContactRow {
  readonly userId: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** E.164, like otherPhones. */
  readonly phone: string | null;
  readonly otherPhones: readonly string[];
  readonly role: string | null;
  readonly department: string | null;
  readonly active: boolean;
  readonly approved: boolean;
  readonly locale: string | null;
  readonly timezone: string | null;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

/** By user id. */
export const defineContact = (sequelize: Sequelize): ReadModel<ContactRow> =>
  sequelize.define(
    'Contact',
    {
      userId: { type: DataTypes.BIGINT, primaryKey: true, allowNull: false },
      name: DataTypes.TEXT,
      email: DataTypes.STRING(254),
      emailVerified: { type: DataTypes.BOOLEAN, allowNull: false },
      phone: DataTypes.STRING(20),
      otherPhones: { type: DataTypes.JSONB, allowNull: false },
      role: DataTypes.STRING(50),
      department: DataTypes.STRING(100),
      active: { type: DataTypes.BOOLEAN, allowNull: false },
      approved: { type: DataTypes.BOOLEAN, allowNull: false },
      locale: DataTypes.STRING(35),
      timezone: DataTypes.STRING(64),
      updatedAt: { type: DataTypes.DATE, allowNull: false },
      deletedAt: DataTypes.DATE,
    },
    { tableName: 'communications_contact', defaultScope: { order: ['userId'] } },
  );
