import type { Model, ModelStatic } from 'sequelize';

/** A model whose instances have the columns of Row, in camel case, as typed properties. */
export type ReadModel<Row extends object> = ModelStatic<Model<Row, Partial<Row>> & Row>;
