/** `<notification-id@domain of the from address>`: the same for every attempt. */
export function messageIdOf(notificationId: string, fromAddress: string): string {
  return `<${notificationId}@${domainOf(fromAddress)}>`;
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
