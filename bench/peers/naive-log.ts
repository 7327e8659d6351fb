import { DataTypes, type Model, Sequelize } from 'sequelize';

interface LogRow {
  event_id: string;
  recipient: string;
  subject: string;
  template: string;
  status: string;
  provider_message_id: string;
  context_data: object;
  sent_at: Date;
}

/** A table of what was sent, as one makes it in a morning. */
export async function openNaiveLog(databaseUrl: string, poolSize: number) {
  const sequelize = new Sequelize(databaseUrl, { logging: false, pool: { max: poolSize } });
  const log = sequelize.define<Model<LogRow>>(
    'email_log',
    {
      event_id: { type: DataTypes.STRING, allowNull: false },
      recipient: { type: DataTypes.STRING(254), allowNull: false },
      subject: { type: DataTypes.STRING, allowNull: false },
      template: { type: DataTypes.STRING(100), allowNull: false },
      status: { type: DataTypes.STRING(20), allowNull: false },
      provider_message_id: { type: DataTypes.STRING, allowNull: false, defaultValue: '' },
      context_data: { type: DataTypes.JSONB, allowNull: false },
      sent_at: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'email_log', timestamps: false, indexes: [{ fields: ['recipient', 'sent_at'] }] },
  );
  await log.sync();
  return log;
}
