import type { Events, Person } from '../../src/generated/events.js';

type Role = Events['profile.updated']['role'];

/** Somebody with a login. All are invented; their numbers are reached by no provider that the demo has. */
export interface Employee extends Person {
  readonly user_id: number;
  readonly email: string;
  readonly role: Role;
}

export const JANE: Employee = {
  user_id: 2,
  name: 'Jane Wanjiru',
  email: 'jane@example.com',
  phone: null,
  role: 'ADMIN',
};
export const PETER: Employee = {
  user_id: 3,
  name: 'Peter Kamau',
  email: 'peter@example.com',
  phone: '+254700000003',
  role: 'PRODUCT_MANAGER',
};
export const JOHN: Employee = {
  user_id: 11,
  name: 'John Doe',
  email: 'john@example.com',
  phone: '+254700000011',
  role: 'SALESMAN',
};
export const MARY: Employee = {
  user_id: 12,
  name: 'Mary Okoth',
  email: 'mary@example.com',
  phone: '+254700000012',
  role: 'SALESMAN',
};

const withoutLogin = (name: string, email: string): Person => ({ user_id: null, name, email, phone: null });
export const GRACE = withoutLogin('Grace Atieno', 'grace@example.com');
export const SCHOOL = withoutLogin('St. Mary School', 'stmary@example.com');
export const DEPOT = withoutLogin('Lakeview Depot', 'lakeview@example.com');
export const MISTYPED = withoutLogin('Kondele Kiosk', 'kiosk@@example');

/** As an event names who is to be found in the directory. */
export const onlyById = ({ user_id, name }: Employee): Person => ({
  user_id,
  name,
  email: null,
  phone: null,
});

/** Where the e-mail for a person of an event goes. */
export function addressOf(person: Person): string {
  const known = [JANE, PETER, JOHN, MARY].find(({ user_id }) => user_id === person.user_id);
  return person.email ?? known?.email ?? '';
}

/** The role of a user of the demo. */
export const roleOf = (userId: string | null): Role | undefined =>
  [JANE, PETER, JOHN, MARY].find(({ user_id }) => String(user_id) === userId)?.role;
