import type { Sequelize } from 'sequelize';
import { defineContact } from './contact.js';
import { defineDeadLetter } from './dead-letter.js';
import { defineEmailLog } from './email-log.js';
import { defineInbox } from './inbox.js';
import { defineMessageTemplate } from './message-template.js';
import { defineParked } from './parked.js';
import { defineSkip } from './skip.js';
import { defineSmsLog } from './sms-log.js';

/** The tables that people query, once per Sequelize. */
export const defineModels = (sequelize: Sequelize) => ({
  emailLog: defineEmailLog(sequelize),
  smsLog: defineSmsLog(sequelize),
  messageTemplate: defineMessageTemplate(sequelize),
  contact: defineContact(sequelize),
  deadLetter: defineDeadLetter(sequelize),
  parked: defineParked(sequelize),
  skip: defineSkip(sequelize),
  inbox: defineInbox(sequelize),
});
