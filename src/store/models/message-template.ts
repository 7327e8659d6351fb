import { DataTypes, type Sequelize } from 'sequelize';
import type { ReadModel } from './read-model.js';

export interface MessageTemplateRow {
  readonly id: number;
  readonly name: string;
  readonly type: 'EMAIL' | 'SMS';
  readonly subject: string;
  readonly templatePath: string;
  readonly description: string;
  readonly version: number;
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly requiredContext: readonly string[];
  readonly contentHash: string;
}

/** By name. */
export const defineMessageTemplate = (sequelize: Sequelize): ReadModel<MessageTemplateRow> =>
  sequelize.define(
    'MessageTemplate',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, allowNull: false },
      name: { type: DataTypes.STRING(100), allowNull: false },
      type: { type: DataTypes.STRING(20), allowNull: false },
      subject: { type: DataTypes.STRING(255), allowNull: false },
      templatePath: { type: DataTypes.STRING(255), allowNull: false },
      description: { type: DataTypes.TEXT, allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      isActive: { type: DataTypes.BOOLEAN, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
      requiredContext: { type: DataTypes.JSONB, allowNull: false },
      contentHash: { type: DataTypes.STRING(64), allowNull: false },
    },
    { tableName: 'communications_message_template', defaultScope: { order: ['name'] } },
  );
